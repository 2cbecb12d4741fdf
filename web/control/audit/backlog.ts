import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerLog, BrokerSnapshot, StoredCopy } from '#workers/broker/broker.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'
import { type CopySources, compareBacklogCopy } from './contents/compare-copies.ts'
import type { Findings } from './findings.ts'
import type { LedgerBooks } from './ledger-books.ts'
import { SeenEffects } from './seen-effects.ts'

/** Copies of a group that one audit looks at: the oldest ones. */
const lookedAtMost = 200
/** How long to wait for telemetry of what was seen, in milliseconds. */
const heardWithinMs = 3_000
const lookEveryMs = 100

/** Reads the oldest copies in the queue of a group and changes nothing; answers a sentence where it cannot read them. Rejects if it does not answer. */
export type ReadQueue = (group: string, limit: number) => Promise<StoredCopy[] | string>

export interface BacklogSources {
  books: LedgerBooks
  broker(): BrokerName
  /** What the broker keeps after it was read; undefined if it keeps nothing. */
  log(): BrokerLog | undefined
  /** Absent: nobody can look into a queue. */
  readQueue?: ReadQueue
  now(): number
}

/**
 * Compares what groups have not received yet with what was published: an altered copy, and one that nobody published, so that the broker holds
 * more than telemetry knows. Answers what is to be entered. What was not looked at is a finding of its own.
 */
export async function compareBacklog(
  sources: BacklogSources,
  copies: CopySources,
  snapshot: BrokerSnapshot,
  findings: Findings,
  signal: AbortSignal,
): Promise<Resolution[]> {
  const read: { group: string; held: number; copies: StoredCopy[] }[] = []
  for (const { group, visible, inFlight, delayed } of snapshot.queues) {
    const held = visible + inFlight + delayed
    if (held === 0) continue
    const found = await readBacklog(sources, snapshot, group).catch(
      (error: unknown) => `it could not be looked at (${error instanceof Error ? error.message : String(error)})`,
    )
    signal.throwIfAborted()
    const seen = typeof found === 'string' ? [] : found
    const left = held - seen.length
    const why = typeof found === 'string' ? found : `an audit looks at the ${lookedAtMost} oldest ones`
    // Messages come and go meanwhile: a look that was whole has missed none.
    if (left > 0 && (typeof found === 'string' || seen.length >= lookedAtMost)) {
      const detail = `the queue of ${group} was not compared with what was published: ${why}`
      findings.add({ kind: 'content_not_compared', weight: 'doubt', group, count: left, detail })
    }
    read.push({ group, held, copies: seen })
    for (const copy of seen) compareBacklogCopy(copies, copy, group)
  }
  const unknown = await unpublished(sources, read, signal)
  for (const { id, group, held, isCertain } of unknown) {
    const detail = `the queue of ${group} holds ${held} messages, and among them some that telemetry does not know`
    findings.add({ kind: 'backlog_differs', weight: isCertain ? 'fail' : 'doubt', id, group, detail })
  }
  return unknown.flatMap(({ id, group, isCertain }) =>
    isCertain ? [{ what: 'position' as const, id, group, at: sources.now() }] : [],
  )
}

async function readBacklog(
  { log, readQueue }: BacklogSources,
  { partitions = [] }: BrokerSnapshot,
  group: string,
): Promise<StoredCopy[] | string> {
  const kept = log()
  if (!kept) return readQueue ? readQueue(group, lookedAtMost) : 'nobody can look into it without taking from it'
  const found: StoredCopy[] = []
  for (const { topic, partition, startOffset, endOffset: to, groups } of partitions) {
    const reader = groups.find((one) => one.group === group)
    if (!reader || found.length >= lookedAtMost) continue
    const from = Math.max(startOffset, reader.committed ?? startOffset)
    if (from < to) await kept.read({ topic, partition, from, to }, (copy) => found.push(copy) < lookedAtMost)
  }
  return found
}

/** Copies with an identity of this ledger that nobody published, once telemetry has reported past the look. */
async function unpublished(
  { books, now }: BacklogSources,
  read: readonly { group: string; held: number; copies: readonly StoredCopy[] }[],
  signal: AbortSignal,
): Promise<{ id: string; group: string; held: number; isCertain: boolean }[]> {
  const { ledger, hasGap } = books.context
  const idsOf = (copies: readonly StoredCopy[]): string[] => copies.flatMap(({ headers }) => headers.ce_id ?? [])
  const isUnknown = (id: string): boolean => {
    const found = ledger.find(id)
    if (found) return !ledger.wasAttempted(found.sequence, found.seq)
    const seen = new SeenEffects(ledger)
    seen.add(id)
    return seen.unknownCount > 0
  }
  const suspects = () =>
    read.flatMap(({ group, held, copies }) =>
      [...new Set(idsOf(copies))].filter(isUnknown).map((id) => ({ id, group, held })),
    )
  const lookedAt = now()
  const isHeard = () => (books.coverage.oldest() ?? Number.NEGATIVE_INFINITY) >= lookedAt
  while (suspects().length > 0 && !isHeard() && now() < lookedAt + heardWithinMs)
    await sleep(lookEveryMs, undefined, { signal })
  const isCertain = isHeard() && !books.coverage.list().some(({ service }) => hasGap(service))
  return suspects().map((one) => ({ ...one, isCertain }))
}
