import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildProcesses } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { explainFailure } from './explain-failure.mjs'
import { generate } from './generate.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'

/** The port of the best-known local endpoint, so that configurations that exist stay as they are. */
const usualPort = '4566'

/**
 * Installs and builds what changed, then runs the simulator alone with the flags that were given. No lab: both may run in one folder. What its
 * queues hold is kept in `.sns-sqs` of the folder in which it was started.
 */
export async function startSimulatorAlone() {
  const folder = process.env.INIT_CWD ?? process.cwd()
  try {
    process.chdir(root)
    await withBuildLock(async () => {
      await install()
      await generate()
      await buildProcesses()
    })
  } catch (error) {
    console.error(`✗ ${explainFailure(error)}`)
    process.exit(1)
  }
  const defaults = { SNS_SQS_PORT: usualPort, SNS_SQS_DATA_DIR: join(folder, '.sns-sqs') }
  // Reading a million messages back makes so many objects that small nurseries cost more than the reading.
  const memory = ['--min-semi-space-size=64', '--max-semi-space-size=128']
  const child = spawn(process.execPath, [...memory, join(root, 'dist', 'sns-sqs.js'), ...process.argv.slice(2)], {
    cwd: folder,
    stdio: 'inherit',
    env: { LOG_LEVEL: 'warn', ...defaults, ...process.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}
