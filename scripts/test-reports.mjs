/** What the JSON reports of Vitest and Playwright say, for whoever sees only the end of the output. */
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** More than these are only counted. */
const namedMax = 50

/** Figures and failed tests of Vitest's report; a run that left none, or that failed without naming a test, counts as one failure. */
export const vitestResult = (file, code) => fromReport(file, code, readVitest)

/** The same of Playwright's. A test that passed only when it was repeated counts as failed. */
export const playwrightResult = (file, code) => fromReport(file, code, readPlaywright)

/** Prints file, full name and the first line of the error of each, at most 50. */
export function printFailures(failures) {
  if (failures.length === 0) return
  console.log('\nFailed:')
  for (const { file, name, error } of failures.slice(0, namedMax)) {
    console.log(`✗ ${[file, name].filter(Boolean).join(' › ')}`)
    if (error) console.log(`    ${error}`)
  }
  if (failures.length > namedMax) console.log(`… and ${failures.length - namedMax} more`)
}

function fromReport(file, code, read) {
  let result
  try {
    result = read(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const why = `No report was written (${error.message}).`
    console.error(why)
    return { passed: 0, failed: 1, skipped: 0, failures: [{ name: 'no report', error: why }] }
  }
  if (code === 0 || result.failed > 0) return result
  const unnamed = { name: 'no test of its own', error: `the run ended with ${code}; its output says why` }
  return { ...result, failed: 1, failures: result.failures.length > 0 ? result.failures : [unnamed] }
}

function readVitest(report) {
  const failures = report.testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((one) => one.status === 'failed')
    // A file that could not be loaded, or whose hooks failed, has an error of its own.
    if (failed.length === 0 && status === 'failed') return [{ file: here(file), error: firstLine(message) }]
    return failed.map(({ ancestorTitles, title, failureMessages }) => ({
      file: here(file),
      name: [...ancestorTitles, title].join(' › '),
      error: firstLine(failureMessages[0]),
    }))
  })
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  }
}

function readPlaywright({ config, stats, suites, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: [
      ...suites.flatMap((suite) => failedIn(config.rootDir, suite, [])),
      ...errors.map((error) => ({
        file: error.location && here(error.location.file),
        error: firstLine(error.message),
      })),
    ],
  }
}

/** The outermost suite is the file, which each spec names itself. */
function failedIn(folder, { suites = [], specs = [] }, titles) {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => ({
        file: here(resolve(folder, file)),
        name: [...titles, title].join(' › '),
        error: firstLine(results.find(({ error }) => error)?.error.message),
      })),
  )
  return [...own, ...suites.flatMap((suite) => failedIn(folder, suite, [...titles, suite.title]))]
}

const here = (file) => relative(process.cwd(), file)

const firstLine = (text = '') => stripVTControlCharacters(text).trim().split('\n')[0]
