import { type FileProblem, inFileOrder } from '../yaml-document/file-problem.ts'
import { readYaml, type YamlDocument } from '../yaml-document/read-yaml.ts'
import { checkChecks } from './check-checks.ts'
import { checkFaults } from './check-faults.ts'
import { checkNames } from './check-names.ts'
import { checkPhases } from './check-phases.ts'
import { scenarioDraftOf } from './draft.ts'
import { type ScenarioFile, scenarioFile } from './scenario-file.ts'

/** A scenario whose file is right as far as the file alone can say. */
export interface Scenario {
  file: ScenarioFile
  /** The file's text, unchanged. */
  text: string
  document: YamlDocument
}

/** Reads a scenario file. Every problem of it is named at once, in the order of the file; a scenario is answered only if there is none. */
export function readScenario(text: string): { scenario?: Scenario; problems: FileProblem[] } {
  const document = readYaml(text)
  const draft = scenarioDraftOf(document)
  // Of a key that is there twice only one is read: what the other would have been must not be missed elsewhere.
  const isWhole = document.problems.length === 0
  const checks = isWhole ? [checkPhases, checkFaults, checkChecks, checkNames].flatMap((check) => check(draft)) : []
  const problems = [...draft.problems, ...checks]
  if (problems.length > 0) return { problems: inFileOrder(problems) }
  return { scenario: { file: scenarioFile.parse(document.value), text, document }, problems: [] }
}
