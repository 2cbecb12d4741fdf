import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { entryKind, type JournalEntry } from './entry-format.ts'
import { parseFrame } from './parse-frame.ts'
import { readResolutions } from './resolutions.ts'

/** What one journal entry says of one message: a record that speaks of nothing else, or a decision. */
export type MessageReport = { record: TelemetryRecord } | { resolution: Resolution }

/** What an entry says, by message id; of each in the order in which it says so. */
export function reportsOf(entry: JournalEntry): Map<string, MessageReport[]> {
  const reported = new Map<string, MessageReport[]>()
  const add = (id: string, report: MessageReport): void => {
    const known = reported.get(id)
    if (known) known.push(report)
    else reported.set(id, [report])
  }
  if (entry.kind === entryKind.resolved) {
    for (const resolution of readResolutions(entry.body)) add(resolution.id, { resolution })
  } else if (entry.kind === entryKind.frame) {
    for (const record of parseFrame(entry.body).records) addParts(record, add)
  }
  return reported
}

/** The record once for each message that it speaks of, cut down to that. */
function addParts(record: TelemetryRecord, add: (id: string, report: MessageReport) => void): void {
  switch (record.kind) {
    case 'publish.attempted': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const message of record.messages) add(prefix + message.seq, { record: { ...record, messages: [message] } })
      break
    }
    case 'publish.settled': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const outcome of record.outcomes) add(prefix + outcome.seq, { record: { ...record, outcomes: [outcome] } })
      break
    }
    case 'delivery.started':
      for (const [id, deliveries] of byId(record.deliveries)) add(id, { record: { ...record, deliveries } })
      break
    case 'delivery.ended':
      for (const [id, deliveries] of byId(record.deliveries)) add(id, { record: { ...record, deliveries } })
      break
    case 'delivery.settled':
    case 'delivery.redriven':
      for (const id of record.ids) add(id, { record: { ...record, ids: [id] } })
      break
    case 'log':
      if (record.messageId !== undefined) add(record.messageId, { record })
  }
}

/** A record may speak of a message twice, where two copies of it were in one batch, and then the two belong together. */
function byId<Delivery extends { id: string }>(deliveries: readonly Delivery[]): Map<string, Delivery[]> {
  const groups = new Map<string, Delivery[]>()
  for (const delivery of deliveries) {
    const known = groups.get(delivery.id)
    if (known) known.push(delivery)
    else groups.set(delivery.id, [delivery])
  }
  return groups
}
