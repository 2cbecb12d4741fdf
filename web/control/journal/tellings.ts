import type { TelemetryRecord } from '#contracts/telemetry.ts'
import type { Resolution } from '../traces/apply-resolution.ts'
import { type Entry, entryKind } from './entry-format.ts'
import { parseFrame } from './parse-frame.ts'
import { readResolutions } from './resolutions.ts'

/** What one journal entry says of one message: a record that speaks of nothing else, or a decision. */
export type Telling = { record: TelemetryRecord } | { resolution: Resolution }

/** What an entry says, by message id; of each in the order in which it says so. */
export function tellingsOf(entry: Entry): Map<string, Telling[]> {
  const told = new Map<string, Telling[]>()
  const add = (id: string, telling: Telling): void => {
    const known = told.get(id)
    if (known) known.push(telling)
    else told.set(id, [telling])
  }
  if (entry.kind === entryKind.resolved) {
    for (const resolution of readResolutions(entry.body)) add(resolution.id, { resolution })
  } else if (entry.kind === entryKind.frame) {
    for (const record of parseFrame(entry.body).records)
      for (const [id, part] of parts(record)) add(id, { record: part })
  }
  return told
}

/** The record once for each message that it speaks of, and cut down to that. */
function* parts(record: TelemetryRecord): Iterable<[id: string, TelemetryRecord]> {
  switch (record.kind) {
    case 'publish.attempted': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const [id, messages] of grouped(record.messages, ({ seq }) => prefix + seq))
        yield [id, { ...record, messages }]
      break
    }
    case 'publish.settled': {
      const prefix = `${record.producer}:${record.epoch}:${record.topic}:`
      for (const [id, outcomes] of grouped(record.outcomes, ({ seq }) => prefix + seq))
        yield [id, { ...record, outcomes }]
      break
    }
    case 'delivery.started':
      for (const [id, deliveries] of grouped(record.deliveries, (each) => each.id))
        yield [id, { ...record, deliveries }]
      break
    case 'delivery.ended':
      for (const [id, deliveries] of grouped(record.deliveries, (each) => each.id))
        yield [id, { ...record, deliveries }]
      break
    case 'delivery.settled':
    case 'delivery.redriven':
      for (const [id, ids] of grouped(record.ids, (id) => id)) yield [id, { ...record, ids }]
      break
    case 'log':
      if (record.messageId !== undefined) yield [record.messageId, record]
  }
}

/** A record may speak of a message twice, where two copies of it were in one batch. */
function grouped<Item>(items: readonly Item[], idOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const id = idOf(item)
    const known = groups.get(id)
    if (known) known.push(item)
    else groups.set(id, [item])
  }
  return groups
}
