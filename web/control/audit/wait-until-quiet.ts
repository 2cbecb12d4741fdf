import { setTimeout as sleep } from 'node:timers/promises'
import type { Undrained } from '#contracts/api/audit.ts'
import type { UnsettledOn } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'
import { activityOf } from './activity.ts'
import type { LedgerBooks } from './ledger-books.ts'
import { type UnderWay, whatIsLeft } from './what-is-left.ts'

/** What one look misses is on its way between two queues. */
const usualQuietMs = 1_000
const lookEveryMs = 250

export interface QuietSources {
  books: LedgerBooks
  broker(): BrokerName
  /** What the broker says now. Rejects if it does not answer. */
  inspect(): Promise<BrokerSnapshot>
  /** What the ledger has open of the messages of a broker. */
  unsettled(broker: BrokerName): UnsettledOn
  /** What the control plane itself knows to be under way. */
  underWay(): UnderWay
  now(): number
  /** How long the broker must be found empty, in milliseconds. Default 1,000. */
  quietMs?: number
}

/** A moment at which nothing was under way. */
export interface Quiet {
  broker: BrokerName
  snapshot: BrokerSnapshot
  /** What `activityOf` said then: as long as it says the same, nothing was reported since. */
  activity: string
}

export type Waited = { quiet: Quiet } | { left: Undrained[]; snapshot: BrokerSnapshot | undefined }

/**
 * Waits until the broker has been empty for a while, every publish is answered, and telemetry has reported past that. Answers
 * what is left if that is not so at `deadline`; at least one look is taken. Rejects when `signal` aborts.
 */
export async function waitUntilQuiet(sources: QuietSources, deadline: number, signal: AbortSignal): Promise<Waited> {
  const { books, now, quietMs = usualQuietMs } = sources
  let emptySince: number | undefined
  let emptyOn: BrokerName | undefined
  for (;;) {
    const broker = sources.broker()
    const looked = await sources.inspect().then(
      (snapshot) => ({ snapshot, reason: undefined }),
      (error: unknown) => ({ snapshot: undefined, reason: error instanceof Error ? error.message : String(error) }),
    )
    signal.throwIfAborted()
    const { snapshot } = looked
    const left = whatIsLeft({
      ...looked,
      unsettled: sources.unsettled(broker),
      underWay: sources.underWay(),
      sources: books.coverage.list(),
    })
    const isEmpty = left.length === 0 && broker === sources.broker()
    emptySince = isEmpty ? ((broker === emptyOn ? emptySince : undefined) ?? now()) : undefined
    emptyOn = broker
    const isHeard = emptySince !== undefined && (books.coverage.oldest() ?? Number.NEGATIVE_INFINITY) >= emptySince
    if (snapshot && emptySince !== undefined && isHeard && now() - emptySince >= quietMs) {
      books.look()
      return { quiet: { broker, snapshot, activity: activityOf(books.context.ledger) } }
    }
    if (now() >= deadline)
      return { left: left.length > 0 ? left : [notHeard(books, emptySince, now(), quietMs)], snapshot }
    await sleep(Math.min(lookEveryMs, Math.max(1, deadline - now())), undefined, { signal })
  }
}

/** Nothing is left, but the time was too short to be sure of it. */
function notHeard({ coverage }: LedgerBooks, emptySince: number | undefined, now: number, quietMs: number): Undrained {
  const since = emptySince ?? now
  const silent = coverage.list().filter(({ coveredAt = 0 }) => coveredAt < since)
  const who = silent.map(({ service }) => service).join(', ')
  return {
    what: silent.length > 0 ? 'telemetry' : 'broker',
    count: Math.max(1, silent.length),
    samples: [],
    detail:
      silent.length > 0
        ? `telemetry of ${who} has not reported past the moment at which the broker was found empty`
        : `the broker was found empty for ${now - since} ms only, and ${quietMs} ms are needed to be sure`,
  }
}
