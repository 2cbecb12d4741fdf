import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileOf, type Jar } from './jar-lock.ts'
import { type JarSource, mavenName } from './jar-sources.ts'

/** A staging folder that nobody has touched for this long belongs to a start that was killed. */
const abandonedMs = 3_600_000
const stagingPrefix = 'bringing-'

export interface ProvideJarsOptions {
  jars: readonly Jar[]
  /** Where they are kept, for every lab of this account. Made if it is absent. */
  folder: string
  /** Asked in this order for what is still missing. */
  sources: readonly JarSource[]
  /** Called with what is being done, for a person. */
  progress: (doing: string) => void
  signal: AbortSignal
}

/**
 * Makes sure that `folder` holds every file with the content of the list, and gives how many had to be brought. A file
 * gets its name there only when its checksum is right, so what was cut short is not a file, and two labs that start at the
 * same time do not disturb each other. Rejects with a sentence.
 */
export async function provideJars({ jars, folder, sources, progress, signal }: ProvideJarsOptions): Promise<number> {
  let missing = await wrongIn(folder, jars)
  const before = missing.length
  if (before === 0) return 0
  await mkdir(folder, { recursive: true })
  await clearAbandoned(folder)
  const problems: string[] = []
  for (const source of sources) {
    if (missing.length === 0) break
    progress(`bringing ${missing.length} of ${jars.length} files from ${source.name}`)
    const staging = await mkdtemp(join(folder, stagingPrefix))
    try {
      await source.bring(missing, staging, signal).catch((error: unknown) => {
        signal.throwIfAborted()
        problems.push(`${source.name}: ${error instanceof Error ? error.message : String(error)}`)
      })
      const wrong = await wrongIn(staging, missing)
      for (const jar of missing) {
        if (!wrong.includes(jar)) await rename(join(staging, fileOf(jar)), join(folder, fileOf(jar)))
        else if (await exists(join(staging, fileOf(jar))))
          problems.push(`${source.name} has a ${fileOf(jar)} whose SHA-256 is not that of kafka/jars.lock`)
      }
      missing = wrong
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }
  if (missing.length === 0) return before
  const first = sources.some(({ name }) => name === mavenName)
    ? 'let Maven reach Maven Central or a mirror of it'
    : 'install Maven (`apt-get install maven`, `brew install maven`), which brings them from Maven Central'
  const mend =
    `${first}; or set MAVEN_REPOSITORY_URL to the address of a Maven repository, ` +
    'or KAFKA_BROKERS to a Kafka that runs elsewhere, or use `docker compose up`'
  const why = problems.length === 0 ? '' : ` (${problems.join('; ')})`
  throw new Error(`${missing.length} of Kafka's ${jars.length} files are missing${why}: ${mend}`)
}

/** Those that are absent or have another content. */
async function wrongIn(folder: string, jars: readonly Jar[]): Promise<Jar[]> {
  const right = await Promise.all(jars.map(async (jar) => (await sha256Of(join(folder, fileOf(jar)))) === jar.sha256))
  return jars.filter((_, index) => !right[index])
}

async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash)
    return hash.digest('hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function clearAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(stagingPrefix)) continue
    const path = join(folder, name)
    const age =
      Date.now() -
      (await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ))
    if (age > abandonedMs) await rm(path, { recursive: true, force: true })
  }
}
