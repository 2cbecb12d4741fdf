import type { ErrorCode } from '#contracts/errors.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { ApiProblem } from '../problem/problem.ts'

/** What can be read off anything that the SDK throws. */
interface Thrown {
  name: string
  message: string
  $metadata?: { httpStatusCode?: number }
}

const missing = /QueueDoesNotExist|NonExistentQueue|NotFound/

/**
 * What AWS refused, in its own words, at the field that they are about; what did not answer at all, in ours. `fields` are the members of
 * the body that the words may name, by the name that AWS gives them.
 */
export function awsProblem(error: unknown, place: string, fields: Record<string, string> = {}): ApiProblem {
  if (error instanceof ApiProblem) return error
  const { name, message, $metadata } = error as Thrown
  const status = error instanceof Error ? $metadata?.httpStatusCode : undefined
  if (status === undefined || status >= 500 || /^(Unknown|SyntaxError)/.test(name)) {
    return new ApiProblem(
      'broker_down',
      `SNS/SQS at ${place} does not answer as it should${status === undefined ? '' : ` (${status})`}`,
    )
  }
  const words = message.slice(0, 2_000)
  const code: ErrorCode = missing.test(name) ? 'unknown_queue' : 'queue_refused'
  const path = pathIn(words, fields)
  return new ApiProblem(code, `${name}: ${words}`, path === undefined ? {} : { errors: [{ path, message: words }] })
}

/** The field whose name the words have; the only one if they have none. */
function pathIn(words: string, fields: Record<string, string>): string | undefined {
  const named = Object.keys(fields)
    .filter((name) => words.includes(name))
    .sort((a, b) => b.length - a.length)[0]
  const all = Object.values(fields)
  return named === undefined ? (all.length === 1 ? all[0] : undefined) : fields[named]
}

/** Attributes by their own names, as members of the body. */
export const attributeFields = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, jsonPointer(['attributes', name])]))
