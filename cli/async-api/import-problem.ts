import type { FileProblem } from '#contracts/yaml-document/file-problem.ts'

/** One thing that is wrong with a document, or with a file that it refers to. */
export interface ImportProblem extends FileProblem {
  /** Path as given on the command line, or relative to the working folder. */
  file: string
}

/** By file in the order in which they were given, then by place. */
export const inOrder = (problems: readonly ImportProblem[], files: readonly string[]): ImportProblem[] =>
  [...problems].sort(
    (a, b) =>
      rankOf(a.file, files) - rankOf(b.file, files) ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.column - b.column,
  )

function rankOf(file: string, files: readonly string[]): number {
  const index = files.indexOf(file)
  return index < 0 ? files.length : index
}
