import { type FileProblem, problemInWords } from '#contracts/yaml-document/file-problem.ts'
import { ApiProblem } from '../problem/problem.ts'

/** What is wrong with a scenario, as a problem document with a place for each mistake. */
export const invalidScenario = (problems: FileProblem[]): ApiProblem =>
  new ApiProblem(
    'invalid_scenario',
    problems.slice(0, 3).map(problemInWords).join('. ') +
      (problems.length > 3 ? `; and ${problems.length - 3} more` : ''),
    {
      errors: problems.slice(0, 100).map(({ path, cause, remedy, line, column }) => ({
        path,
        message: remedy === '' ? cause : `${cause}; ${remedy}`,
        line,
        column,
      })),
    },
  )
