import { setImmediate as breathe } from 'node:timers/promises'
import { type Difference, difference } from '#contracts/effects/declared/declared-event.ts'
import { headersOf } from '#contracts/events/envelope.ts'
import { poisonBody } from '#contracts/faults/poison-body.ts'
import type { BrokerLog, PartitionState, StoredCopy } from '#workers/broker/broker.ts'
import type { JourneyRecord } from '../../journeys/journey-record.ts'
import { wholeOf } from '../../journeys/packed-journey.ts'
import type { LedgerBooks } from '../ledger-books.ts'
import type { ReadLetters } from '../letters/compare-dead-letters.ts'
import type { ContentVerdicts } from './content-verdicts.ts'

/** Records of each partition that are read again: the newest ones. */
const newestRecords = 20_000

export interface CopySources {
  books: LedgerBooks
  verdicts: ContentVerdicts
}

/** Compares dead letters with what was published. */
export function compareLetters(sources: CopySources, read: ReadLetters): void {
  for (const [group, list] of read) {
    for (const letter of list?.letters ?? []) compareCopy(sources, letter, `the dead-letter queue of ${group}`, group)
  }
}

/** Compares what is still in the queue of a group with what was published. */
export const compareBacklogCopy = (sources: CopySources, copy: StoredCopy, group: string): void =>
  compareCopy(sources, copy, `the queue of ${group}`, group)

/** Compares what the log of a broker still keeps, topics and retry topics, with what was published. Rejects if the broker does not answer. */
export async function compareLog(
  sources: CopySources,
  log: BrokerLog,
  partitions: readonly PartitionState[],
  signal: AbortSignal,
): Promise<void> {
  for (const { topic, partition, startOffset, endOffset, groups } of partitions) {
    const from = Math.max(startOffset, endOffset - newestRecords)
    // Only one group reads a retry topic, and what was sent back to it may be there.
    const [reader] = groups.length === 1 ? groups : []
    await log.read({ topic, partition, from, to: endOffset }, (copy) => {
      compareCopy(sources, copy, `the log of ${topic}`, reader?.group)
      return !signal.aborted
    })
    await breathe(undefined, { signal })
  }
}

function compareCopy(
  { books, verdicts }: CopySources,
  copy: StoredCopy,
  where: string,
  group: string | undefined,
): void {
  const { ledger, traces } = books.context
  const id = copy.headers.ce_id
  const found = id === undefined ? undefined : ledger.find(id)
  const entry = found && traces.get(found.sequence, found.seq)
  if (!entry || entry.order < 0) return
  const journey = wholeOf(entry)
  const body = journey.body ?? books.bodyOf(journey)
  if (body === undefined) return
  const differences = differencesOf(journey, body, copy)
  if (differences.length === 0) return
  const resent = group === undefined ? { times: 0, bodies: [] } : books.resent(journey, group)
  // Each redrive begins a trace of its own.
  const left = differences.filter(({ field }) => resent.times === 0 || !field.startsWith('headers.trace'))
  verdicts.copy(journey.id, where, group, left, reasonFor(left, body, copy, resent.bodies))
}

function differencesOf(journey: JourneyRecord, body: string, { headers, key, ...copy }: StoredCopy): Difference[] {
  const { id, type, sequence, key: own, time, traceparent, tracestate, version } = journey
  const published = headersOf({
    ...{ id, type, topic: sequence.topic, time, traceparent, version, body },
    ...(own === undefined ? {} : { key: own }),
    ...(tracestate === undefined ? {} : { tracestate }),
  })
  return [
    ...(copy.isCut || (copy.body === body && copy.bytes === undefined) ? [] : [difference('body', body, copy.body)]),
    ...(key === undefined || (key ?? undefined) === own ? [] : [difference('key', own, key ?? undefined)]),
    // A queue carries no attribute without a value.
    ...Object.entries(published).flatMap(([name, value]) =>
      (headers[name] ?? '') === value ? [] : [difference(`headers.${name}`, value, headers[name])],
    ),
  ]
}

/** Who made a copy differ by right; undefined if nobody did. */
function reasonFor(
  differences: readonly Difference[],
  body: string,
  copy: StoredCopy,
  edits: readonly string[],
): string | undefined {
  if (copy.bytes !== undefined || differences.some(({ field }) => field !== 'body')) return undefined
  if (edits.includes(copy.body)) return 'as a redrive with edited data made it'
  const isPoisoned = (['malformed', 'schema'] as const).some((variant) => poisonBody(variant, body) === copy.body)
  return isPoisoned ? 'as the fault message.poison leaves it' : undefined
}
