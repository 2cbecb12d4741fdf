import { z } from 'zod'

/** One thing that is wrong with a lab file. */
export const labFileProblem = z.object({
  /** From 1. */
  line: z.int().min(1),
  column: z.int().min(1),
  /** Where it stands in the file: `services.warehouse.receives[0]`; empty for the file as a whole. */
  path: z.string(),
  /** What is wrong, to be read after the path. */
  message: z.string(),
  /** What to do about it. */
  remedy: z.string().optional(),
  /** The name that was probably meant, in place of the one that stands there. */
  closest: z.string().optional(),
})
export type LabFileProblem = z.infer<typeof labFileProblem>

/** A lab file that cannot be used. The message names the file and every problem, a line each. */
export class LabFileInvalid extends Error {
  override readonly name = 'LabFileInvalid'
  readonly file: string
  readonly problems: readonly LabFileProblem[]

  constructor(file: string, problems: readonly LabFileProblem[]) {
    super(`${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines(problems)}`)
    this.file = file
    this.problems = problems
  }
}

const lines = (problems: readonly LabFileProblem[]): string =>
  problems.map((problem) => `  ${problemLine(problem)}`).join('\n')

/** `15:16 services.warehouse.receives[0]: no service sends payment_capture; closest is payment_captured`. */
export const problemLine = ({ line, column, path, message, remedy }: LabFileProblem): string =>
  `${line}:${column} ${path === '' ? '' : `${path}: `}${message}${remedy === undefined ? '' : `; ${remedy}`}`

/** Keys and indexes as a path that a person reads: `services.shop.sends[0]`. */
export const shownPath = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('')
