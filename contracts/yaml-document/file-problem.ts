import { z } from 'zod'

/** One thing that is wrong with a file: where, what, and how to mend it. */
export const fileProblem = z.object({
  /** From 1. */
  line: z.int(),
  column: z.int(),
  /** JSON pointer into the file; empty: the file as a whole. */
  path: z.string(),
  cause: z.string(),
  /** What to write instead; empty if only the writer can know. */
  remedy: z.string(),
})
export type FileProblem = z.infer<typeof fileProblem>

/** `12:7 /faults/0/type: there is no fault "proces.kill"; did you mean process.kill?` */
export const problemInWords = ({ line, column, path, cause, remedy }: FileProblem): string =>
  `${line}:${column}${path === '' ? '' : ` ${path}`}: ${cause}${remedy === '' ? '' : `; ${remedy}`}`

export const inFileOrder = (problems: readonly FileProblem[]): FileProblem[] =>
  [...problems].sort((a, b) => a.line - b.line || a.column - b.column || a.path.localeCompare(b.path))
