import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { root } from './root.mjs'

/** Needed to build pages or to resize pictures, and the lab does neither at run time. */
const buildOnly = /^(@next\/swc-.*|sharp|@img\/.*|caniuse-lite|baseline-browser-mapping|@types\/.*)$/
/** Compilers of the databases that this is not, and what only a person or a compiler reads. */
const leaveOut = [
  /\.(d\.[cm]?ts|[cm]?ts|map|md|markdown)$/i,
  /^@prisma\/client\/runtime\/.*\.(cockroachdb|mysql|sqlite|sqlserver)\./,
  /^@prisma\/client\/(generator-build|scripts)\//,
]
const inPackages = (file) => file.slice(file.lastIndexOf('node_modules/') + 'node_modules/'.length)
const wanted = (file) => !leaveOut.some((pattern) => pattern.test(inPackages(file)))

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name))
    else if (entry.isFile()) yield join(folder, entry.name)
  }
}

/** Folder of a package as Node finds it from `from`; undefined if it is not installed. */
function packageFolder(from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === root || folder === '/') return undefined
  }
}

/** The folders of the named packages and of all that they depend on, but not of Next, which is far larger than what serves pages. */
function packageFolders(names) {
  const found = new Set()
  const take = (from, name) => {
    const folder = packageFolder(from, name)
    if (folder === undefined || found.has(folder) || buildOnly.test(name) || name === 'next') return
    found.add(folder)
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    const peers = Object.keys(peerDependencies ?? {}).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true)
    for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) take(folder, next)
  }
  for (const name of names) take(root, name)
  return found
}

/** What serves built pages: the files that Next lists for its server and for each page, and those that its entry for a server of our own loads. */
async function filesOfNext() {
  const output = join(root, 'web', '.next')
  const next = join(root, 'node_modules', 'next', 'dist')
  const lists = [...filesBelow(output)].filter((file) => file.endsWith('.nft.json') && !file.includes('minimal'))
  const listed = lists.flatMap((list) =>
    JSON.parse(readFileSync(list, 'utf8')).files.map((file) => resolve(dirname(list), file)),
  )
  // The tracer that Next itself makes those lists with.
  const { nodeFileTrace } = createRequire(join(root, 'package.json'))('next/dist/compiled/@vercel/nft')
  const { fileList } = await nodeFileTrace([join(next, 'server', 'next.js')], {
    base: root,
    processCwd: '/nowhere',
    // All variants of the runtime; the right ones are in Next's own lists.
    ignore: ['node_modules/next/dist/compiled/next-server/**', 'node_modules/next/dist/docs/**'],
  })
  // Never loaded by a server, but it looks for them at its start.
  const looked = [...filesBelow(join(next, 'compiled', 'webpack')), join(next, 'compiled/@babel/runtime/package.json')]
  return [...listed, ...looked, ...[...fileList].map((file) => join(root, file))].filter((file) =>
    file.includes('/node_modules/'),
  )
}

/**
 * Files of node_modules that a process needs which imports the packages `names`, relative to the checkout: those packages and their
 * dependencies, whole but for what no process reads, and of Next the files that serve pages. Needs the built pages.
 */
export async function packageFiles(names) {
  const files = new Set([...packageFolders(names)].flatMap((folder) => [...filesBelow(folder)]))
  for (const file of await filesOfNext()) files.add(file)
  const buildOnlyFile = (file) => {
    const [first, second] = inPackages(file).split('/')
    return buildOnly.test(first.startsWith('@') ? `${first}/${second}` : first)
  }
  return [...files]
    .filter((file) => wanted(file) && !buildOnlyFile(file) && existsSync(file) && statSync(file).isFile())
    .map((file) => relative(root, file))
    .sort()
}
