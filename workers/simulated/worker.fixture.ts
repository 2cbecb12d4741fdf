import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { type TelemetryRecord, telemetryRecords } from '#contracts/protocols/telemetry.ts'
import type { WorkerConfig } from '#contracts/protocols/worker.ts'
import { createFrameReader } from '#workers/sidecar/telemetry/frame-reader.ts'

/** A worker as its sidecar would start it. */
export interface TestWorker {
  process: ChildProcess
  /** What it told so far. */
  records: TelemetryRecord[]
  /** Resolves when it is gone and all that it told was read. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** Starts `workers/simulated` as a replica of `service` with an epoch. */
export function startSimulated(given: {
  service: string
  epoch: number
  body: ServiceBody
  config: WorkerConfig
  env: Record<string, string>
}): TestWorker {
  const { service, epoch, body, config, env } = given
  const records: TelemetryRecord[] = []
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/simulated/main.ts'], {
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      ...{ FAULTLINE_SERVICE: service, FAULTLINE_INSTANCE: `${service}-1`, FAULTLINE_EPOCH: String(epoch) },
      ...{ FAULTLINE_BODY: JSON.stringify(body), FAULTLINE_CONCURRENCY: '8', FAULTLINE_GRACE_MS: '5000' },
      ...env,
    },
  })
  const read = createFrameReader(({ kind, body: bytes }) => {
    if (kind === 'telemetry') records.push(...telemetryRecords.parse(JSON.parse(bytes.toString())))
  })
  const frames = worker.stdio[3] as Readable
  frames.on('data', read)
  const closed = once(worker, 'close')
  worker.stdin?.on('error', () => undefined)
  worker.stdin?.write(`${JSON.stringify({ id: 1, command: { kind: 'configure', config } })}\n`)
  return {
    process: worker,
    records,
    async end(signal) {
      worker.kill(signal)
      await closed
    },
  }
}
