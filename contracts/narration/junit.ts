import type { CheckResult, Run } from '../api/run.ts'
import { faultStory, faultTargetWords } from '../scenario-run/fault-story.ts'
import { narrationLines } from './clause-in-words.ts'

/** A file that could not be run, for the same report. */
export interface InvalidScenario {
  name: string
  problems: string[]
}

/** JUnit XML: a suite a scenario, a test case each for its steady-state checks, invariants and assertions. */
export function junitOf(runs: readonly Run[], invalid: readonly InvalidScenario[] = []): string {
  const suites = [...runs.map(suiteOf), ...invalid.map(invalidSuite)]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`
}

function suiteOf(run: Run): string {
  const cases = run.checks.filter(({ kind }) => kind !== 'abort')
  const failures = cases.filter(({ result }) => result === 'fail').length
  const errors = cases.filter(({ result }) => result === 'inconclusive' || result === 'pending').length
  // What no check says, for example a fault that was never seen: a case of its own, so that it is not overlooked.
  // A suite without any case is shown as if nothing had been run.
  const isMissed = run.verdict === 'fail' ? failures === 0 : run.verdict !== 'pass' && failures + errors === 0
  const isUntold = isMissed || cases.length === 0
  const verdict = isUntold ? [verdictCase(run)] : []
  const attributes = attributesOf({
    ...{
      name: run.name,
      tests: cases.length + verdict.length,
      failures: failures + (isUntold && run.verdict === 'fail' ? 1 : 0),
    },
    ...{ errors: errors + (isUntold && run.verdict !== 'fail' && run.verdict !== 'pass' ? 1 : 0), skipped: 0 },
    ...{ time: seconds(run.elapsedMs), timestamp: run.startedAt.slice(0, 19) },
  })
  const properties = Object.entries(propertiesOf(run)).map(
    ([name, value]) => `      <property${attributesOf({ name, value })}/>\n`,
  )
  return [
    `  <testsuite${attributes}>\n    <properties>\n${properties.join('')}    </properties>\n`,
    ...cases.map((check) => caseOf(run, check)),
    ...verdict,
    ...systemOut([...run.reasons, ...narrationLines(run.narration ?? [])]),
    '  </testsuite>\n',
  ].join('')
}

/** Why the verdict is not `pass`, and what happened. */
const systemOut = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`    <system-out>${escaped(lines.join('\n'))}</system-out>\n`]

function propertiesOf(run: Run): Record<string, string> {
  const versions = {
    seed: String(run.seed),
    broker: run.broker,
    version: run.version,
    run: run.id,
    verdict: run.verdict ?? run.state,
  }
  const faults = run.faults.map(
    (fault) => [`fault.${fault.id}`, `${fault.type} on ${faultTargetWords(fault)}: ${faultStory(fault)}`] as const,
  )
  return {
    ...versions,
    ...(run.eventsDigest === undefined ? {} : { events: run.eventsDigest }),
    ...Object.fromEntries(faults),
  }
}

function caseOf(run: Run, { id, kind, title, result, detail = '', at }: CheckResult): string {
  const head = `    <testcase${attributesOf({ name: `${id}: ${title}`, classname: `${run.name}.${kind}`, time: seconds(at ?? run.elapsedMs) })}`
  if (result === 'pass') return `${head}/>\n`
  const tag = result === 'fail' ? 'failure' : 'error'
  const message = detail === '' ? 'it was not decided' : detail
  return `${head}>\n      <${tag}${attributesOf({ message })}/>\n    </testcase>\n`
}

function verdictCase(run: Run): string {
  const tag = run.verdict === 'fail' ? 'failure' : 'error'
  const head = `    <testcase${attributesOf({ name: 'verdict', classname: `${run.name}.verdict`, time: seconds(run.elapsedMs) })}`
  if (run.verdict === 'pass') return `${head}/>\n`
  return `${head}>\n      <${tag}${attributesOf({ message: run.reasons[0] ?? 'the run is inconclusive' })}/>\n    </testcase>\n`
}

function invalidSuite({ name, problems }: InvalidScenario): string {
  const head = `  <testsuite${attributesOf({ name, tests: 1, failures: 0, errors: 1, skipped: 0, time: '0' })}>\n    <testcase${attributesOf({ name: 'file', classname: name, time: '0' })}>\n`
  return `${head}      <error${attributesOf({ message: 'the scenario is not valid' })}>${escaped(problems.join('\n'))}</error>\n    </testcase>\n  </testsuite>\n`
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3)

const attributesOf = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('')

/** XML 1.0 has no place for most control characters, escaped or not. */
const isWritable = (character: string): boolean => character >= ' ' || '\t\n\r'.includes(character)

const escaped = (text: string): string =>
  [...text].filter(isWritable).join('').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
