import { buildPages, buildProcesses } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { explainFailure } from './explain-failure.mjs'
import { generate } from './generate.mjs'
import { install } from './install.mjs'
import { root } from './root.mjs'

/** Installs, generates and builds what changed, then becomes the supervisor. Options: --lab FILE; --only sns-sqs; --build-only. */
export async function startLab() {
  // Where the command was typed: npm itself goes to the checkout.
  const folder = process.env.INIT_CWD ?? process.cwd()
  process.chdir(root)
  const arguments_ = process.argv.slice(2)
  const argumentOf = (option) =>
    arguments_.includes(option) ? (arguments_[arguments_.indexOf(option) + 1] ?? '') : undefined
  const [only, lab] = [argumentOf('--only'), argumentOf('--lab')]
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
  if (arguments_.includes('--build-only')) return
  const { supervise } = await import(new URL('../dist/supervisor.js', import.meta.url).href)
  process.exit(await supervise({ root, dist: `${root}/dist`, only, lab, folder }))
}
