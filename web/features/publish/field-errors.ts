import type { Problem } from '#contracts/errors.ts'
import type { FormProblem } from '../schema/validator.ts'

/** Problems of a form: those of fields, by JSON pointer into `data`, and the rest. */
export interface ShownErrors {
  fields: Map<string, string>
  rest: FormProblem[]
}

/**
 * Sorts what the server found by the field it belongs to. Paths of the server start at the body (`/data/email`) or at
 * the data (`/email`); both are understood.
 * @param known pointers of the fields on screen
 */
export function fieldErrors(problem: Problem, known: readonly string[]): ShownErrors {
  const fields = new Map<string, string>()
  const rest: FormProblem[] = []
  for (const error of problem.errors ?? []) {
    const pointer = error.path.replace(/^\/data(?=\/|$)/, '')
    const field = nearest(known.includes(error.path) ? error.path : pointer, known)
    if (field === undefined) rest.push(error)
    else if (!fields.has(field)) fields.set(field, error.message)
  }
  return { fields, rest }
}

function nearest(pointer: string, known: readonly string[]): string | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (known.includes(at)) return at
  return undefined
}
