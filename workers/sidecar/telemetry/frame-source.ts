import { randomUUID } from 'node:crypto'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { LogRecord, TelemetryRecord } from '#contracts/protocols/telemetry.ts'

/** Telemetry that the sidecar itself writes, as a source of frames like any worker. */
export interface FrameSource {
  write(records: TelemetryRecord[]): void
  /** Gathers log records: many lines are one frame, at most 250 ms later. */
  log(record: LogRecord): void
  flush(): void
}

const gatherMs = 250
const gatherMax = 500

export function createFrameSource(source: string, onFrame: (frame: TelemetryFrame) => void): FrameSource {
  const incarnation = randomUUID()
  let seq = 0
  let gathered: LogRecord[] = []
  let timer: NodeJS.Timeout | undefined

  function write(records: TelemetryRecord[]): void {
    seq += 1
    onFrame({ source, incarnation, seq, body: Buffer.from(JSON.stringify(records)) })
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const records = gathered
    gathered = []
    if (records.length > 0) write(records)
  }

  return {
    write,
    log(record) {
      gathered.push(record)
      if (gathered.length >= gatherMax) flush()
      else timer ??= setTimeout(flush, gatherMs).unref()
    },
    flush,
  }
}
