import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { createRedactor } from '#contracts/secrets.ts'
import type { WorkerProcess } from '#workers/runtime/worker-face.ts'
import type { ProxiedAddress } from './env.ts'
import { readProgramLine } from './process/log-line.ts'
import { programEnvironment, type ReportTarget } from './process/program-environment.ts'
import { type Program, ProgramFailed, startProgram } from './process/program-process.ts'
import type { SinkServer } from './sink/sink-server.ts'

export interface OpenProgramOptions {
  worker: WorkerProcess
  body: Extract<ServiceBody, { kind: 'program' }>
  own: Record<string, string | undefined>
  links: readonly ProxiedAddress[]
  sink: SinkServer
  /** Where OTLP over HTTP is taken, and by which token; undefined if nobody takes it. */
  reports: ReportTarget | undefined
}

/** Of the grace time, what stays for the parts that close after the program, in milliseconds. */
const closingMs = 500

/**
 * Starts the program of this replica and shows what it prints. Undefined if it could not be started: then the worker stops, and its
 * sidecar shows why and starts it again later. So it does where the program ends: a replica is a program and its worker together.
 */
export async function openProgram({
  worker,
  body,
  own,
  links,
  sink,
  reports,
}: OpenProgramOptions): Promise<Program | undefined> {
  const { service, instance } = worker.env
  const { log } = worker
  const stopping = new AbortController()
  const ownSecrets = [sink.secret, ...(reports ? [reports.token] : [])]
  let redact = createRedactor({}, ownSecrets)

  function environment({ port, mark }: { port: number; mark: string }): Record<string, string> {
    const declared = body.env
    const given = { own, declared, links, service, instance, port, sink: sink.url, mark, reports }
    const { env, secrets, missing } = programEnvironment(given)
    redact = createRedactor({}, [...ownSecrets, ...secrets])
    if (missing.length > 0)
      throw new ProgramFailed(
        `${missing.join(', ')} is not set, which the lab file wants from the environment of the lab`,
      )
    return env
  }

  function show(stream: 'stdout' | 'stderr', line: string): void {
    const { level, message, fields, ...named } = readProgramLine(line, stream)
    log[level]({ ...fields, ...named }, message)
  }

  const starting = startProgram(
    {
      ...{ command: body.command, directory: body.directory, ready: body.ready, readyWithinMs: body.readyWithinMs },
      environment,
      redact: (line) => redact(line),
      onLine: show,
      onHeldBack: (lines) => log.warn(`${lines} more lines of the program in this second are not shown`),
      onStarted(pid) {
        const detail = `waits for ${body.command[0]} to be ready`
        worker.setState({ state: 'starting', detail, processGroup: pid })
        log.info(`started ${redact(body.command.join(' '))} as process ${pid}`)
      },
    },
    stopping.signal,
  )
  worker.onShutdown(async (graceMs) => {
    stopping.abort()
    const program = await starting.catch(() => undefined)
    await program?.stop(Math.max(0, graceMs - closingMs))
  })
  try {
    const program = await starting
    log.info(`the program is ready at ${program.url.host}`)
    return program
  } catch (error) {
    if (!stopping.signal.aborted)
      worker.fail(redact(`the program does not run: ${error instanceof Error ? error.message : error}`))
    return undefined
  }
}
