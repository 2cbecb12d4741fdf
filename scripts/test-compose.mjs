/**
 * `npm run test:compose [-- FILTER…]`: the lab in containers. Provides Docker and images if they are missing, builds, runs e2e/compose,
 * removes what it started however that ends, names what failed, and prints `N passed, N failed` at the end. A skipped test counts as failed
 * when CI=true.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from './generate.mjs'
import { install } from './install.mjs'
import { provideDocker } from './provision-docker.mjs'
import { root } from './root.mjs'
import { printFailures, vitestResult } from './test-reports.mjs'

process.chdir(root)
const ci = process.env.CI === 'true'
const project = `faultline-e2e-${process.pid}`
const env = { ...process.env, FAULTLINE_E2E_PROJECT: project, FAULTLINE_IMAGE: 'faultline:e2e' }
const scratch = mkdtempSync(join(tmpdir(), 'faultline-compose-'))
let endDaemon = () => undefined

/** Runs a command to its end with its output on ours; its exit code, or 1 where a signal ended it. */
const run = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env })
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })

/** Each file removes its own stack; one that was killed could not. */
function removeStacks() {
  const listed = spawnSync('docker', ['compose', 'ls', '--all', '--quiet'], { encoding: 'utf8' }).stdout ?? ''
  for (const name of listed.split('\n').filter((one) => one.startsWith(`${project}-`))) {
    const down = ['compose', '--project-name', name, '--profile', '*', 'down', '--volumes', '--timeout', '5']
    spawnSync('docker', down, { stdio: 'inherit', env })
  }
}

/** For the daemon's sake too: a Ctrl-C goes to vitest as well, which ends by itself. */
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)

let result = { passed: 0, failed: 0, skipped: 0, failures: [] }
try {
  await install()
  await generate()
  endDaemon = await provideDocker()
  if ((await run('docker', ['compose', 'build', '--quiet'])) !== 0) throw new Error('The image could not be built')
  const file = join(scratch, 'report.json')
  const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`]
  const vitest = join('node_modules', '.bin', 'vitest')
  const code = await run(vitest, [
    'run',
    '--config',
    'vitest.compose.config.ts',
    ...reporters,
    ...process.argv.slice(2),
  ])
  result = vitestResult(file, code)
} catch (error) {
  console.error(`✗ ${error.output ?? ''}${error.message}`)
  result.failed += 1
  result.failures.push({ file: 'compose', error: error.message.split('\n')[0] })
} finally {
  removeStacks()
  endDaemon()
  rmSync(scratch, { recursive: true, force: true })
}
printFailures(result.failures)
if (ci && result.skipped > 0) console.error(`\n${result.skipped} skipped: with CI=true each counts as failed.`)
const failed = result.failed + (ci ? result.skipped : 0)
console.log(`\n${result.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && result.passed > 0 ? 0 : 1
