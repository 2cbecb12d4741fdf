import type { TelemetryRecord } from '#contracts/telemetry.ts'
import type { BodyReader } from '../traces/journey-view.ts'
import type { Journal } from './journal.ts'
import { parseFrame } from './parse-frame.ts'

/** Reads bodies that are no longer in memory; the frame that was read last is kept, since neighbours follow. */
export function createBodyReader(journal: Journal): BodyReader {
  let last: { segment: number; offset: number; records: TelemetryRecord[] } | undefined
  return ({ lane, seq, publishSegment: segment, publishOffset: offset }) => {
    if (segment < 0) return undefined
    if (last?.segment !== segment || last.offset !== offset) {
      const entry = journal.readAt(segment, offset)
      if (!entry) return undefined
      last = { segment, offset, records: parseFrame(entry.body).records }
    }
    for (const record of last.records) {
      if (record.kind !== 'publish.attempted' || record.producer !== lane.producer || record.topic !== lane.topic)
        continue
      const message = record.epoch === lane.epoch ? record.messages.find((other) => other.seq === seq) : undefined
      if (message) return message.body
    }
    return undefined
  }
}
