/** Checks the import walls, after it has checked that every rule can fail: each must find its breach in scripts/walls-fixture. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const folders = ['contracts', 'workers', 'web', 'prisma', 'supervisor']

async function violations(baseDir) {
  const { output } = await cruise(
    folders,
    { ...config.options, baseDir, ruleSet: { forbidden: config.forbidden }, validate: true },
    undefined,
    { tsConfig: extractTSConfig('tsconfig.json') },
  )
  return { modules: output.modules.length, found: output.summary.violations }
}

const fixture = await violations('scripts/walls-fixture')
const fired = new Set(fixture.found.map((violation) => violation.rule.name))
const silent = config.forbidden.map((rule) => rule.name).filter((name) => !fired.has(name))
if (silent.length > 0) {
  console.error(`These walls do not stop their breach in scripts/walls-fixture: ${silent.join(', ')}`)
  process.exit(1)
}

const project = await violations('.')
const typescript = JSON.parse(readFileSync('node_modules/typescript/package.json', 'utf8')).version
if (project.modules < 50) {
  console.error(`Only ${project.modules} modules were read: TypeScript ${typescript} may not be understood.`)
  process.exit(1)
}
for (const { rule, from, to } of project.found) console.error(`${rule.name}: ${from} → ${to}`)
console.log(
  `${config.forbidden.length} walls, each seen to fail; ${project.modules} modules, ${project.found.length} breaches`,
)
process.exit(project.found.length === 0 ? 0 : 1)
