import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Command, ReportProgress } from '../process/command.ts'
import { classArchive, forgetArchives } from './class-archive.ts'
import { fileOf, type Jar, kafkaVersionOf, readJarLock } from './jar-lock.ts'
import { jarSources } from './jar-sources.ts'
import { findJava } from './java.ts'
import { kafkaCommand } from './kafka-command.ts'
import { provideJars } from './provide-jars.ts'
import { ensureStorage } from './storage.ts'

export interface KafkaServerOptions {
  /** Folder of the checkout, for `kafka/jars.lock` and `kafka/config/`. */
  root: string
  /** Where the broker keeps its settings and messages. Absolute; made if it is absent. */
  folder: string
  port: number
  controllerPort: number
  /** Read for JAVA_HOME, PATH, HOME, MAVEN_REPOSITORY_URL, FAULTLINE_CACHE_DIR, XDG_CACHE_HOME and KAFKA_HEAP_OPTS. */
  env: NodeJS.ProcessEnv
  /** Further settings of the broker, `name=value`. */
  settings?: readonly string[]
  /** Further arguments of the formatting of its data folder. */
  formatting?: readonly string[]
  progress: ReportProgress
  signal: AbortSignal
}

/**
 * Brings whatever a broker needs to start here, and gives the command that runs it: Java, Kafka's own files, a class
 * archive, its settings and a formatted data folder. What is there already costs a tenth of a second. Rejects with a sentence.
 */
export async function prepareKafka(options: KafkaServerOptions): Promise<Command> {
  const { root, env, progress, signal } = options
  const java = await findJava(env)
  const jars = await lockedJars(root)
  const folder = jarFolder(env, jars)
  const brought = await provideJars({ jars, folder, sources: jarSources(env), progress, signal })
  if (brought > 0) await forgetArchives(folder)
  const classes = {
    java,
    classPath: jars.map((jar) => join(folder, fileOf(jar))),
    logging: join(root, 'kafka', 'config', 'log4j2.properties'),
    heapOptions: env.KAFKA_HEAP_OPTS,
  }
  const template = join(root, 'kafka', 'config', 'server.properties')
  const archive = await classArchive({ classes, folder, template, progress, signal })
  const properties = await ensureStorage({ ...options, template }, classes, archive, signal)
  return kafkaCommand(classes, archive, 'kafka.Kafka', [properties])
}

/** Why Kafka could not be started here, with what to do; undefined if it can. Looks, and brings nothing. */
export async function kafkaUnavailable(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await findJava(env)
    await lockedJars(root)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const lockedJars = async (root: string): Promise<Jar[]> =>
  readJarLock(await readFile(join(root, 'kafka', 'jars.lock'), 'utf8'))

/**
 * One folder for all labs of an account, outside of their data folders: 43 MB that are the same for each, and that no
 * test and no fresh lab should bring again.
 */
function jarFolder(env: NodeJS.ProcessEnv, jars: readonly Jar[]): string {
  const cache =
    env.FAULTLINE_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'faultline')
  return join(cache, `kafka-${kafkaVersionOf(jars)}`)
}
