import { pino } from 'pino'
import { runProcessBlocks } from './faults/process-block.ts'
import { now } from './process/clock.ts'
import { createCommands } from './process/commands.ts'
import { readWorkerEnvOrExit } from './process/env.ts'
import { encodeFrame } from './process/frame.ts'
import { openFramePipe } from './process/frame-pipe.ts'
import { startGauges } from './process/gauges.ts'
import { openWorkerCore } from './worker-core.ts'
import type { WorkerProcess } from './worker-face.ts'

/** The pipe to the sidecar, as worker-protocol.ts says. */
export const framesFd = 3

/**
 * Reads the environment, listens to the sidecar and reports to it. Stops by itself on SIGTERM and when the sidecar is
 * gone. SIGINT is the terminal's word to the sidecar, which then says SIGTERM. Exits with 2 where the environment is wrong.
 */
export function openWorkerProcess(): WorkerProcess {
  const env = readWorkerEnvOrExit()
  const log = pino({ level: env.logLevel, base: null }, pino.destination({ dest: 1, sync: true }))
  const pipe = openFramePipe(framesFd, (reason) => setImmediate(() => core.begin(reason)))
  const commands = createCommands(
    (reply) => pipe.write(encodeFrame('reply', 0, JSON.stringify(reply))),
    (problem) => log.error(problem),
  )
  const core = openWorkerCore({
    ...{ env, log, pipe, commands },
    exit: (code) => process.exit(code),
  })
  let inHand = (): number => 0
  runProcessBlocks(core.faults)

  process.on('SIGTERM', () => core.begin('SIGTERM'))
  process.on('SIGINT', () => log.debug('SIGINT is left to the sidecar'))
  commands.listen(process.stdin, () => core.begin('the sidecar is gone'))
  startGauges({
    service: env.service,
    instance: env.instance,
    now,
    inHand: () => inHand(),
    report: (record) => core.worker.telemetry.write([record]),
  })
  return {
    ...core.worker,
    onCommand: (kind, handler) => commands.on(kind, handler),
    countInHand(read) {
      inHand = read
    },
  }
}
