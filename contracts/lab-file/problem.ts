import type { z } from 'zod'
import { fileProblem, problemInWords } from '../yaml-document/file-problem.ts'

/** One thing that is wrong with a lab file. */
export const labFileProblem = fileProblem
export type LabFileProblem = z.infer<typeof labFileProblem>

/** A lab file that cannot be used. The message names the file and every problem, a line each. */
export class LabFileInvalid extends Error {
  override readonly name = 'LabFileInvalid'
  readonly problems: readonly LabFileProblem[]

  constructor(file: string, problems: readonly LabFileProblem[]) {
    const lines = problems.map((problem) => `  ${problemInWords(problem)}`).join('\n')
    super(`${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines}`)
    this.problems = problems
  }
}
