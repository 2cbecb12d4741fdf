import { parseArgs } from 'node:util'
import { buildPages, buildProcesses } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { explainFailure } from './explain-failure.mjs'
import { generate } from './generate.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'

const usage = `Usage: npm start -- [options]
Installs and builds what changed, starts the lab and prints its address. Ctrl-C ends it.

  --lab FILE       the lab file to start; default: labs/default.yaml
  --only sns-sqs   the simulator of SNS and SQS alone
  --build-only     builds and ends
  --help           prints this

PORT, HOST, BROKER and more are variables of the environment: see .env.example.`

/** The options of `npm start`; ends the process where they are not right, or only asked for. */
function readOptions() {
  const text = { type: 'string' }
  const flag = { type: 'boolean' }
  try {
    const { values } = parseArgs({ options: { lab: text, only: text, 'build-only': flag, help: flag } })
    if (!values.help) return values
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`✗ ${error.message}\n\n${usage}`)
    process.exit(2)
  }
}

/** Installs, generates and builds what changed, then becomes the supervisor. */
export async function startLab() {
  // Where the command was typed: npm itself goes to the checkout.
  const folder = process.env.INIT_CWD ?? process.cwd()
  process.chdir(root)
  const { only, lab, 'build-only': isBuildOnly } = readOptions()
  try {
    await withBuildLock(async () => {
      await install()
      await generate()
      // The pages take long and two cores are better than one: both builds run at the same time.
      await Promise.all([buildProcesses(), only === undefined ? buildPages() : undefined])
    })
  } catch (error) {
    console.error(`✗ ${explainFailure(error)}`)
    process.exit(1)
  }
  if (isBuildOnly) return
  const { supervise } = await import(new URL('../dist/supervisor.js', import.meta.url).href)
  process.exit(await supervise({ root, dist: `${root}/dist`, only, lab, folder }))
}
