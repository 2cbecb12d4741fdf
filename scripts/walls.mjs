/** Checks the import walls, after it has checked that every rule can fail: each must find its breach in scripts/walls-fixture. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { folderLoops } from './folder-loops.mjs'
import { root } from './root.mjs'

const configFile = join(root, '.dependency-cruiser.cjs')
const { forbidden } = createRequire(import.meta.url)(configFile)

/** A process of its own for each tree: the reader keeps what it resolved for the first one. */
function violations(tree) {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs')
  const args = [
    program,
    '--config',
    configFile,
    '--output-type',
    'json',
    'contracts',
    'monitoring',
    'storage',
    'workers',
    'web',
    'prisma',
    'supervisor',
    'cli',
  ]
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  try {
    const { modules, summary } = JSON.parse(stdout)
    return { modules: modules.length, found: summary.violations, loops: folderLoops(modules) }
  } catch {
    throw new Error(`dependency-cruiser could not read ${tree}: ${stderr || stdout}`)
  }
}

const fixture = violations(join(root, 'scripts', 'walls-fixture'))
const fired = new Set(fixture.found.map(({ rule }) => rule.name))
const silent = forbidden.map(({ name }) => name).filter((name) => !fired.has(name))
if (silent.length > 0) {
  console.error(`These walls do not stop their breach in scripts/walls-fixture: ${silent.join(', ')}`)
  process.exit(1)
}
if (!fixture.loops.some(([parent]) => parent === 'monitoring')) {
  console.error('The loop of folders in scripts/walls-fixture/monitoring was not seen')
  process.exit(1)
}

const project = violations(root)
// TypeScript that the reader does not understand shows as a project that is suddenly empty.
if (project.modules < 300) {
  console.error(
    `Only ${project.modules} modules were read: is the version of TypeScript one that dependency-cruiser knows?`,
  )
  process.exit(1)
}
for (const { rule, from, to } of project.found) console.error(`${rule.name}: ${from} → ${to}`)
for (const [parent, folders, ties] of project.loops) {
  console.error(`no-folder-loop: in ${parent} ${folders.join(', ')} import each other\n  ${ties.join('\n  ')}`)
}
const breaches = project.found.length + project.loops.length
console.log(`${forbidden.length + 1} walls, each seen to fail; ${project.modules} modules, ${breaches} breaches`)
process.exitCode = breaches === 0 ? 0 : 1
