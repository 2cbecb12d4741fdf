import { type TelemetryRecord, telemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { entryKind, frameHead, type JournalEntry } from './entry-format.ts'
import { parseFrame, readFrame } from './parse-frame.ts'
import { readResolutions } from './resolutions.ts'

/** What one journal entry says of one message: a record that speaks of nothing else, or a decision. */
export type MessageReport = { record: TelemetryRecord } | { resolution: Resolution }

/** Makes one report when it is asked for. */
export type MakeReport = () => MessageReport | undefined

/** What an entry says, by message id; of each in the order in which it says so. Nothing is made of what nobody asks for. */
export function reportsOf(entry: JournalEntry): Map<string, MakeReport[]> {
  const reported = new Map<string, MakeReport[]>()
  const add = (id: string, make: MakeReport): void => {
    const known = reported.get(id)
    if (known) known.push(make)
    else reported.set(id, [make])
  }
  if (entry.kind === entryKind.resolved) {
    for (const resolution of readResolutions(entry.body)) add(resolution.id, () => ({ resolution }))
  } else if (entry.kind === entryKind.frame) {
    const addRecord: AddPart = (id, cut) => add(id, () => checked(cut()))
    for (const record of recordsOf(entry)) addParts(record, addRecord)
  }
  return reported
}

/**
 * If every record was valid when the frame came, each part is checked when it is asked for: checking all of a large frame takes several times as long
 * as reading it. Where one was refused, all are checked here, since a record is refused as a whole.
 */
function recordsOf({ head, body }: JournalEntry): readonly TelemetryRecord[] {
  if (frameHead.parse(head).agreed !== true) return parseFrame(body).records
  const read = readFrame(body)
  return typeof read === 'string' ? [] : (read as TelemetryRecord[])
}

function checked(part: TelemetryRecord): MessageReport | undefined {
  const { success, data } = telemetryRecord.safeParse(part)
  return success ? { record: data } : undefined
}

type AddPart = (id: string, cut: () => TelemetryRecord) => void

/** The record once for each message that it speaks of, cut down to that. */
function addParts(record: TelemetryRecord, add: AddPart): void {
  switch (record.kind) {
    case 'publish.attempted': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const message of record.messages) add(prefix + message.seq, () => ({ ...record, messages: [message] }))
      break
    }
    case 'publish.settled': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const outcome of record.outcomes) add(prefix + outcome.seq, () => ({ ...record, outcomes: [outcome] }))
      break
    }
    case 'delivery.started':
      for (const [id, deliveries] of byId(record.deliveries)) add(id, () => ({ ...record, deliveries }))
      break
    case 'delivery.ended':
      for (const [id, deliveries] of byId(record.deliveries)) add(id, () => ({ ...record, deliveries }))
      break
    case 'delivery.settled':
    case 'delivery.redriven':
      for (const id of record.ids) add(id, () => ({ ...record, ids: [id] }))
      break
    case 'log':
      if (record.messageId !== undefined) add(record.messageId, () => record)
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
