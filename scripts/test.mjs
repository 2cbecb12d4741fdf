/**
 * `npm test`: provisions what is missing and runs every check; `npm run check` (--fast) runs those that need no other process.
 * Goes through all stages even where one fails, names at the end what failed, and ends with the plain line `N passed, N failed`.
 * A skipped test counts as failed when CI=true. Options: --fast; --only NAME[,NAME] runs the named stages.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unfit } from './platform.mjs'
import { playwrightResult, printFailures, vitestResult } from './test-reports.mjs'

const root = new URL('..', import.meta.url).pathname
process.chdir(root)
const fast = process.argv.includes('--fast')
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : undefined
const ci = process.env.CI === 'true'

if (unfit) {
  console.error(unfit)
  process.exit(1)
}
try {
  await (await import('./install.mjs')).install()
  await (await import('./generate.mjs')).generate()
} catch (error) {
  console.error(`✗ ${(await import('./explain-failure.mjs')).explainFailure(error)}`)
  process.exit(1)
}
const scratch = mkdtempSync(join(tmpdir(), 'faultline-test-'))

/** Runs a command to its end with its output on ours; its exit code, or 1 where a signal ended it. */
function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

const bin = (name) => join('node_modules', '.bin', name)
const oneCheck = (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: [] })

/** The pages have settings of their own: Next changes the types of Node's environment for all that it is imported beside. */
async function types() {
  const codes = []
  for (const project of ['.', 'web']) codes.push(await run(bin('tsc'), ['--noEmit', '-p', project]))
  return oneCheck(Math.max(...codes))
}

async function vitest(name, args) {
  const file = join(scratch, `${name}.json`)
  const code = await run(bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...args,
  ])
  return vitestResult(file, code)
}

async function integration() {
  const { provideEngines } = await import('./provision-engines.mjs')
  provideEngines()
  return vitest('integration', ['integration.test'])
}

async function endToEnd() {
  const { provideChromium } = await import('./provision-chromium.mjs')
  const file = join(scratch, 'e2e.json')
  const code = await run(bin('playwright'), ['test'], { CHROMIUM_PATH: provideChromium(), PLAYWRIGHT_JSON: file })
  return playwrightResult(file, code)
}

const stages = [
  { name: 'types', fast: true, run: types },
  { name: 'lint', fast: true, run: async () => oneCheck(await run(bin('biome'), ['check', '--error-on-warnings'])) },
  { name: 'walls', fast: true, run: async () => oneCheck(await run('node', ['scripts/walls.mjs'])) },
  { name: 'dead-code', fast: true, run: async () => oneCheck(await run(bin('knip'), [])) },
  { name: 'unit', fast: true, run: () => vitest('unit', ['--exclude', '**/*.integration.test.ts']) },
  { name: 'build', fast: false, run: async () => oneCheck(await run('node', ['scripts/start.mjs', '--build-only'])) },
  { name: 'integration', fast: false, run: integration },
  { name: 'e2e', fast: false, run: endToEnd },
]

const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []
for (const stage of stages) {
  if (only ? !only.includes(stage.name) : fast && !stage.fast) continue
  console.log(`\n── ${stage.name}`)
  const began = Date.now()
  const result = await stage.run().catch((error) => {
    console.error(error.message)
    return { passed: 0, failed: 1, skipped: 0, failures: [{ file: stage.name, error: error.message.split('\n')[0] }] }
  })
  for (const key of Object.keys(total)) total[key] += result[key]
  failures.push(...result.failures)
  if (result.failed > 0 && result.failures.length === 0) failures.push({ file: stage.name })
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(
    `── ${stage.name}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped in ${seconds} s`,
  )
}
rmSync(scratch, { recursive: true, force: true })

printFailures(failures)
if (ci && total.skipped > 0) console.error(`\n${total.skipped} skipped: with CI=true each counts as failed.`)
const failed = total.failed + (ci ? total.skipped : 0)
console.log(`\n${total.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && total.passed > 0 ? 0 : 1
