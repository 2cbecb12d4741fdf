import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { encodeFrame } from './frame.ts'
import type { FramePipe } from './frame-pipe.ts'

/** Reports what happens. `write` returns when the sidecar's pipe has it. */
export interface Telemetry {
  write(records: TelemetryRecord[]): void
}

/**
 * A frame above this is split where it can be: the sidecar keeps and resends whole frames, and small ones flow better.
 * A single message may still make a larger one, far below the limit of the protocol.
 */
const frameTargetChars = 256 * 1024

/** Numbers frames from 1 and writes each call as one frame, or as several if it is large. `seat`: whose they are, 0 the process's own. */
export function createTelemetry(pipe: FramePipe, seat = 0): Telemetry {
  let seq = 0

  function write(records: TelemetryRecord[]): void {
    if (records.length === 0) return
    const body = JSON.stringify(records)
    const halves = body.length > frameTargetChars ? halve(records) : undefined
    if (halves) {
      for (const half of halves) write(half)
      return
    }
    seq += 1
    pipe.write(encodeFrame('telemetry', seq, body, seat))
  }

  return { write }
}

/** Two smaller lists that say the same, in the same order; undefined if there is nothing to cut. */
function halve(records: TelemetryRecord[]): [TelemetryRecord[], TelemetryRecord[]] | undefined {
  if (records.length > 1) {
    const middle = records.length >> 1
    return [records.slice(0, middle), records.slice(middle)]
  }
  const [record] = records
  if (record?.kind === 'publish.attempted') return cut(record.messages, (messages) => ({ ...record, messages }))
  if (record?.kind === 'publish.settled') return cut(record.outcomes, (outcomes) => ({ ...record, outcomes }))
  if (record?.kind === 'delivery.started') return cut(record.deliveries, (deliveries) => ({ ...record, deliveries }))
  if (record?.kind === 'delivery.ended') return cut(record.deliveries, (deliveries) => ({ ...record, deliveries }))
  if (record?.kind === 'delivery.settled') {
    const { unnamed, ...named } = record
    return cut(record.ids, (ids) => ({ ...(ids[0] === record.ids[0] ? record : named), ids }))
  }
  return undefined
}

function cut<Item>(
  items: Item[],
  withItems: (items: Item[]) => TelemetryRecord,
): [TelemetryRecord[], TelemetryRecord[]] | undefined {
  if (items.length < 2) return undefined
  const middle = items.length >> 1
  return [[withItems(items.slice(0, middle))], [withItems(items.slice(middle))]]
}
