import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const leaveOut = new Set(['node_modules', 'dist', '.next', '.faultline', '.git'])

function* filesBelow(path) {
  if (!existsSync(path)) return
  if (statSync(path).isFile()) {
    yield path
    return
  }
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (leaveOut.has(entry.name)) continue
    if (entry.isDirectory()) yield* filesBelow(join(path, entry.name))
    else if (entry.isFile()) yield join(path, entry.name)
  }
}

/** Hash of names and contents of everything below `paths`, which are relative to the checkout. */
export function fingerprint(paths, ignore = () => false) {
  const hash = createHash('sha256').update(process.versions.modules)
  for (const path of paths) {
    for (const file of filesBelow(join(root, path))) {
      if (ignore(file)) continue
      hash
        .update(`${file.slice(root.length)}\0`)
        .update(readFileSync(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/**
 * Does `work` unless the stamp says that it was done for this fingerprint. The stamp goes first and comes back last, so
 * work that was cut short is done again.
 */
export async function unlessDone(stamp, print, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return false
  rmSync(stamp, { force: true })
  await work()
  writeFileSync(stamp, print)
  return true
}
