import { chmodSync, type Dirent, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What a lab keeps in its data folder. PostgreSQL, whose account may be another, closes what is in its own by itself. */
const own = new Set([
  ...['logs', 'state', 'telemetry', 'runs', 'history', 'sns-sqs', 'redis', 'kafka'],
  ...['run.json', 'run.json.new', 'lock'],
])
const closedByOthers = new Set(['postgres', 'postgres.unfinished', 'postgres.unfinished.password'])
const isOwn = (name: string): boolean => own.has(name) || closedByOthers.has(name) || /^lock\.\d+$/.test(name)

/** Throws if a data folder that is to be removed with its lab holds anything yet: what a lab did not make is not its to remove. */
export function assertRemovable(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return
  throw new Error(
    `FAULTLINE_DATA_DIR_REMOVE=1 would remove ${folder}, which is not empty: name a new or empty folder in FAULTLINE_DATA_DIR, or unset FAULTLINE_DATA_DIR_REMOVE`,
  )
}

/**
 * Makes the data folder if it is absent and closes it to every other account: folders 0700, files 0600, also those that an
 * earlier version left open. From here on this process and its children make nothing that others can read. A folder that holds
 * anything that is not a lab's (`/tmp`, a home) keeps its own mode; what is the lab's in it is closed.
 */
export function closeDataFolder(folder: string): void {
  process.umask(0o077)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const entries = readdirSync(folder, { withFileTypes: true })
  if (entries.every(({ name }) => isOwn(name))) close(folder, 0o700)
  for (const entry of entries) if (own.has(entry.name)) closeBelow(join(folder, entry.name), entry)
  for (const name of entries.map((entry) => entry.name).filter((name) => name === 'postgres'))
    close(join(folder, name), 0o700)
}

function closeBelow(path: string, entry: Dirent): void {
  if (entry.isFile()) close(path, 0o600)
  if (!entry.isDirectory()) return
  close(path, 0o700)
  for (const inner of readdirSync(path, { withFileTypes: true })) closeBelow(join(path, inner.name), inner)
}

/** Never opens: rights that are missing stay so. What another process removed meanwhile, or owns, is left. */
function close(path: string, mode: number): void {
  try {
    const { mode: before } = lstatSync(path)
    if ((before & 0o7777 & ~mode) !== 0) chmodSync(path, before & mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EPERM') throw error
  }
}
