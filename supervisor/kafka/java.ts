import { execFile } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const oldestMajor = 17

export interface Java {
  /** Absolute path of the program. */
  path: string
  /** `17.0.15`. */
  version: string
}

/** There is no Java that Kafka can run on; the message says what to do. */
export class NoJava extends Error {
  override readonly name = 'NoJava'
}

const mend =
  `install one (\`apt-get install default-jre-headless\`, \`brew install openjdk\`), set JAVA_HOME to it, ` +
  'set KAFKA_BROKERS to a Kafka that runs elsewhere, or use `docker compose up`'

/** The Java of JAVA_HOME, else that of the PATH. Rejects with `NoJava` where neither is 17 or newer. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const folders = [
    ...(env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin')] : []),
    ...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
  ]
  let old: Java | undefined
  for (const path of new Set(folders.map((folder) => join(folder, 'java')).filter(canRun))) {
    const version = await versionOf(path)
    if (version === undefined) continue
    if (majorOf(version) >= oldestMajor) return { path, version }
    old ??= { path, version }
  }
  if (old === undefined) throw new NoJava(`Java ${oldestMajor} or newer is not on this machine: ${mend}`)
  throw new NoJava(`Kafka needs Java ${oldestMajor} or newer and ${old.path} is ${old.version}: ${mend}`)
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** From the file that lies beside every modern Java, for a Java takes long to start; else by asking it. */
async function versionOf(path: string): Promise<string | undefined> {
  const release = await readFile(join(dirname(dirname(realpathSync(path))), 'release'), 'utf8').catch(() => '')
  const stated = /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1]
  if (stated !== undefined) return stated
  // macOS has a `java` that only says where to get one: it fails, and is no Java.
  const said = await promisify(execFile)(path, ['-version'], { timeout: 15_000 }).catch(() => undefined)
  return said === undefined ? undefined : /version "([^"]+)"/.exec(said.stderr + said.stdout)?.[1]
}

/** Up to Java 8 versions began with `1.`. */
export function majorOf(version: string): number {
  const [first, second] = version.split(/[^0-9]+/).map(Number)
  return (first === 1 ? second : first) ?? 0
}
