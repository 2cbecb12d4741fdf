import { rmSync } from 'node:fs'
import { sharedIn, sharedProblem } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { chooseLabFile, defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { createRedactor } from '#contracts/secrets.ts'
import { clearLeftovers, Lab } from './lab.ts'
import { type Lock, takeLock } from './process/lock.ts'
import { watchNpm } from './process/npm-watch.ts'
import { assertRemovable, closeDataFolder } from './process/private-folder.ts'
import { RunFile } from './process/run-file.ts'
import { openTerminal, type Terminal } from './process/terminal.ts'
import { readSettings, type Settings } from './settings/settings.ts'

export interface SuperviseOptions {
  /** Folder of the checkout, or of the installed package. Nothing is written into it. */
  root: string
  /** Folder of the built files. */
  dist: string
  /** `sns-sqs`: the simulator alone. */
  only?: string
  /** The lab file that was asked for. Default: `chooseLabFile`. */
  lab?: string
  /** Where the command was typed. Default: `root`. */
  folder?: string
  /** Has `.env`, and the data folder where that is relative. Default: `root`. */
  home?: string
}

/** npm passes a Ctrl-C on that the terminal has already sent: signals this close together are one. */
const sameSignalMs = 250

/**
 * Runs a lab until it is asked to stop. The first SIGINT, SIGTERM or SIGHUP, or the end of its npm, stops it in order, the second
 * signal ends it at once. Resolves with the exit code: 0 stopped in order, 1 could not start (a sentence was printed), 130 ended at once.
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { root, dist, only, lab: asked, folder = root, home = root } = options
  const terminal = openTerminal(process.stdout)
  process.stderr.on('error', () => undefined)
  let lock: Lock | undefined
  let lab: Lab | undefined
  let stop: Stop | undefined
  /** Empty when this lab took it, and removed with it. */
  let ownFolder: string | undefined
  try {
    const settings = readSettings(home, process.env)
    if (only !== undefined && only !== 'sns-sqs')
      throw new Error(`--only ${only} is not known: the simulator is --only sns-sqs`)
    const onlySimulator = only === 'sns-sqs'
    if (onlySimulator) settings.simulatorPort ??= 4566
    if (onlySimulator && settings.redisUrl !== undefined) settings.simulatorRedisPort ??= 4567
    const variable = settings.inherited.FAULTLINE_LAB
    const file = onlySimulator ? defaultLabFile(root) : chooseLabFile({ asked, variable, folder, root })
    const declared = await loadLab(file)
    const replicas = sharedIn(declared).reduce((sum, { replicas }) => sum + replicas, 0)
    const problem = onlySimulator ? undefined : sharedProblem(replicas, settings.broker)
    if (problem !== undefined) throw new Error(problem)
    if (settings.isDataRemoved) assertRemovable(settings.dataFolder)
    closeDataFolder(settings.dataFolder)
    const url = addressOf(settings, onlySimulator)
    lock = takeLock(settings.dataFolder, { kind: onlySimulator ? 'simulator' : 'lab', url })
    if (settings.isDataRemoved) ownFolder = settings.dataFolder
    const runFile = new RunFile(settings.dataFolder)
    const running = new Lab({ lab: declared, settings, root, dist, terminal, runFile, onlySimulator })
    lab = running
    stop = stopOnSignals(running, terminal)
    await clearLeftovers(settings.dataFolder, runFile, terminal)
    await Promise.race([running.start(), stop.code])
    if (!stop.begun && onlySimulator) terminal.say(simulatorReady(settings))
    else if (!stop.begun) await sayReady(running, { url, declared, terminal, stop })
    return await stop.code
  } catch (error) {
    // What fails because everything is being stopped is no news.
    if (stop?.begun === true) return await stop.code
    process.stderr.write(`✗ ${createRedactor(process.env)(explain(error))}\n`)
    await lab?.stop()
    return 1
  } finally {
    // Before the lock is given back: a lab that starts in between keeps its own.
    if (ownFolder !== undefined) removeFolder(ownFolder)
    lock?.release()
  }
}

/** What cannot be removed is said and left; the exit code says how the lab ended. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  } catch (error) {
    process.stderr.write(`✗ ${folder} could not be removed: ${explain(error)}\n`)
  }
}

interface Stop {
  /** Whether a signal has come. */
  begun: boolean
  code: Promise<number>
}

function stopOnSignals(lab: Lab, terminal: Terminal): Stop {
  let firstAt = 0
  const stop: Stop = { begun: false, code: Promise.resolve(0) }
  stop.code = new Promise((resolve, reject) => {
    const begin = (why: string) => {
      stop.begun = true
      firstAt = Date.now()
      terminal.say(`\n${why}; a second Ctrl-C ends everything at once.`)
      lab.stop().then(() => resolve(0), reject)
    }
    const onSignal = () => {
      if (!stop.begun) begin('Stopping')
      else if (Date.now() - firstAt > sameSignalMs) lab.killAll().then(() => resolve(130), reject)
    }
    watchNpm(process.env, () => {
      if (!stop.begun) begin('Stopping, since the npm that started this lab has ended')
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
  return stop
}

/** Says that the lab is ready once its programs are, or which of them are not; its address before that. */
async function sayReady(
  lab: Lab,
  { url, declared, terminal, stop }: { url: string; declared: LabDeclaration; terminal: Terminal; stop: Stop },
): Promise<void> {
  const since = Date.now()
  const { programs } = lab
  if (programs.length > 0) terminal.say(`  ${url} answers; waits for the programs of ${programs.join(', ')}`)
  const missing = await Promise.race([lab.programsReady(), stop.code.then(() => [])])
  if (stop.begun) return
  if (programs.length > 0 && missing.length === 0) terminal.done('programs', programs.join(', '), since)
  for (const line of missing) terminal.warn(line)
  terminal.say(labReady(url, declared, missing.length))
}

function explain(error: unknown): string {
  const { code, path, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', path: '', message: String(error) }
  if (code === 'ENOSPC')
    return `The disk is full (${path ?? 'data folder'}): free some space, or set FAULTLINE_DATA_DIR to another disk`
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return `Cannot write to ${path ?? 'the data folder'}: give this account the right to, or set FAULTLINE_DATA_DIR to another folder`
  }
  return message
}

/** Where it answers, for a person on this machine. */
function addressOf({ host, port, simulatorPort }: Settings, onlySimulator: boolean): string {
  if (onlySimulator) return `http://127.0.0.1:${simulatorPort}`
  const here = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'].includes(host)
  return `http://${here ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`
}

/** `missing`: how many replicas of programs were named as not ready. */
function labReady(url: string, { name, file, services, events }: LabDeclaration, missing: number): string {
  const [first] = services.find(({ body }) => body.kind === 'source')?.sends ?? []
  const example = events.find((type) => type.name === first)?.example
  // As a shell takes it between single quotes.
  const body = JSON.stringify({ type: first, data: example }).replaceAll("'", "'\\''")
  const state =
    missing === 0
      ? 'The lab is ready'
      : `The lab runs; what is named above is not ready, and its queue holds what it is owed`
  return `
  ${state}: ${url}
  It is "${name}" of ${file}

  curl -X POST ${url}/event -H "Content-Type: application/json" \\
       -d '${body}'

  Ctrl-C stops it.
`
}

function simulatorReady({ simulatorPort, simulatorRedisPort, redisUrl }: Settings): string {
  const onRedis = `
  The same with queues in the Redis of REDIS_URL: http://127.0.0.1:${simulatorRedisPort}
`
  return `
  SNS and SQS answer at http://127.0.0.1:${simulatorPort} (any key, region us-east-1, account 123456789012).
${redisUrl === undefined ? '' : onRedis}
  Ctrl-C stops it.
`
}
