import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAnswers } from '../process/answers.ts'
import type { ReportProgress } from '../process/command.ts'
import { assignPorts } from '../process/ports.ts'
import { signalGroup } from '../process/process-group.ts'
import { withParentWatchdog } from '../process/shell-parent-watchdog.ts'
import { kafkaAnswers } from './kafka-answers.ts'
import { type KafkaClasses, kafkaCommand } from './kafka-command.ts'
import { ensureStorage } from './storage.ts'

/** The start of the broker that records it, and its end, which writes the file. */
const wholeRunMs = 90_000

export interface ClassArchiveOptions {
  classes: KafkaClasses
  /** Folder of the jars, which also keeps the archive: it is of them and of one version of Java. */
  folder: string
  template: string
  progress: ReportProgress
  signal: AbortSignal
}

/**
 * The option that lets Java take Kafka's classes from an archive instead of reading them from the jars: a start in 1.3 s
 * instead of 2.9. Made once, by running a broker on a folder of its own. An archive is only speed: if none can be made, or
 * Java finds that one does not fit, Kafka starts without.
 */
export async function classArchive(options: ClassArchiveOptions): Promise<string[]> {
  const { classes, folder, progress, signal } = options
  const archive = join(folder, `classes-java-${classes.java.version}.jsa`)
  if (!existsSync(archive)) {
    progress('recording its classes for quick starts, once')
    const scratch = await mkdtemp(join(tmpdir(), 'faultline-kafka-classes-'))
    // Whole or not at all, also where two labs record at once.
    const unfinished = `${archive}.${process.pid}`
    try {
      await record(options, scratch, unfinished, AbortSignal.any([signal, AbortSignal.timeout(wholeRunMs)]))
      await rename(unfinished, archive)
    } catch {
      signal.throwIfAborted()
      return []
    } finally {
      await rm(unfinished, { force: true })
      await rm(scratch, { recursive: true, force: true, maxRetries: 3 })
    }
  }
  return [`-XX:SharedArchiveFile=${archive}`]
}

/** Starts a broker on a folder of its own and stops it when it serves: at its end Java writes what it had loaded. */
async function record(
  { classes, template }: ClassArchiveOptions,
  folder: string,
  archive: string,
  signal: AbortSignal,
): Promise<void> {
  const ports = await assignPorts(['broker', 'controller'], {})
  const { broker: port = 0, controller: controllerPort = 0 } = ports
  const properties = await ensureStorage({ template, folder, port, controllerPort }, classes, [], signal)
  const recording = [`-XX:ArchiveClassesAtExit=${archive}`]
  const { program, args } = withParentWatchdog(kafkaCommand(classes, recording, 'kafka.Kafka', [properties]), 'kafka')
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  const gone = once(child, 'exit')
  try {
    const early = gone.then(() => Promise.reject(new Error('it ended before it served')))
    await Promise.race([untilAnswers(() => kafkaAnswers(port), signal), early])
  } finally {
    if (signal.aborted && child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
    child.stdin.end()
    await gone
  }
}

/** An archive fits the files that it was made of, by their times: new files need a new one. */
export async function forgetArchives(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.endsWith('.jsa')) await rm(join(folder, name), { force: true })
}
