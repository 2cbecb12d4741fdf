import type { Confirmation, DeliveryHandler, Settlement, SubscribeOptions } from '../../../broker.ts'
import { deadLetterCopy, type RecordCopy, retryCopy } from '../produce/copies.ts'
import type { FetchedRecords } from './intake.ts'
import { type FetchedRecord, markSettled, markWithheld, type PartitionLog } from './partition-log.ts'

export interface HandlingOptions {
  handle: DeliveryHandler
  concurrency: number
  batchSize: number
  intake: FetchedRecords
  retryTopics: number
  now: () => number
  /** Stores a copy, however long it takes; `false` where `wanted` said that it is not needed any more. */
  store: (copy: RecordCopy, wanted: () => boolean) => Promise<boolean>
  onSettled: SubscribeOptions['onSettled']
  /** Called when something may be committed. */
  onProgress: () => void
}

export interface Handling {
  /** Starts handlers for what may be handled, as far as there are free ones. */
  pump(): void
  /** Starts none while the group assigns again. */
  hold(on: boolean): void
  /** The group has assigned again, so that what was lost before was given to another, or again. */
  assigned(): void
  /** Deliveries that are with a handler, wait for one, or have their copy on the way. */
  inHand(): number
  /** Batches that are with handlers. */
  running(): number
  /** Copies on the way. */
  storing(): number
  /** Starts no further handler. */
  drain(): void
  /** Ignores what handlers say from now on. */
  abandon(): void
}

interface Settled {
  taken: FetchedRecord
  settlement: Settlement
  confirmed: Confirmation
}

/** After a handler that rejected: a batch that came back at once would turn in circles. */
const rejectedDelayMs = 1_000

/**
 * Hands batches to handlers, one of a partition at a time so that it stays in order, and does what they say. RUNNING → DRAINING →
 * ABANDONED.
 */
export function createHandling(options: HandlingOptions): Handling {
  const { intake, now, concurrency, batchSize } = options
  const withHandler = new Set<FetchedRecord>()
  const storing = new Set<FetchedRecord>()
  /** Lost, and given out again according to the group's last assignment. */
  const elsewhere = new WeakSet<FetchedRecord>()
  /** Settlements of what was lost, until it is known that others have it: a broker that is away has given it to nobody. */
  let stranded: Settled[] = []
  let handling = 0
  let held = false
  let draining = false
  let abandoned = false
  let turn = 0

  function pump(): void {
    while (!held && !draining && handling < concurrency) {
      const batch = nextBatch()
      if (batch.length === 0) return
      handling += 1
      void run(batch)
    }
  }

  /** From one partition as much as fits; from more of them if there are more than free handlers. */
  function nextBatch(): FetchedRecord[] {
    const at = now()
    const free = [...intake.logs()].filter((log) => !log.busy && log.ready.length > 0 && log.holdUntil <= at)
    const share = Math.ceil(free.length / (concurrency - handling))
    turn += 1
    const chosen = free.map((_, index) => free[(index + turn) % free.length]).slice(0, share)
    const batch: FetchedRecord[] = []
    for (const log of chosen) {
      if (!log || batch.length === batchSize) break
      log.busy = true
      batch.push(...log.ready.splice(0, batchSize - batch.length))
    }
    for (const taken of batch) taken.state = 'handling'
    return batch
  }

  async function run(batch: FetchedRecord[]): Promise<void> {
    for (const taken of batch) withHandler.add(taken)
    let settlements: Settlement[] | undefined
    try {
      settlements = await options.handle(batch.map(({ delivery }) => delivery))
    } catch {
      // The port promises redelivery and no more; whoever wrote the handler reports why it rejected.
    }
    handling -= 1
    for (const taken of batch) {
      withHandler.delete(taken)
      taken.log.busy = false
    }
    if (!abandoned) settle(batch, settlements)
    pump()
  }

  function settle(batch: FetchedRecord[], settlements: Settlement[] | undefined): void {
    const settled: Settled[] = []
    for (const [index, taken] of batch.entries()) {
      const settlement = settlements ? (settlements[index] ?? { kind: 'release' }) : undefined
      if (settlement === undefined) again(taken, rejectedDelayMs, 0)
      else if (taken.log.lost) {
        // A commit would be taken by the member's generation alone, and might take back what the other has committed.
        if (settlement.kind === 'release') settled.push({ taken, settlement, confirmed: true })
        else if (elsewhere.has(taken)) settled.push({ taken, settlement, confirmed: 'fenced' })
        else stranded.push({ taken, settlement, confirmed: 'fenced' })
      } else if (settlement.kind === 'ack') markSettled(taken, settlement)
      else if (settlement.kind === 'withheld') markWithheld(taken, now())
      else if (settlement.kind === 'dead-letter') void copy(taken, settlement)
      else if (settlement.kind === 'retry' && settlement.mode !== 'blocking') void copy(taken, settlement)
      else {
        if (settlement.kind === 'release') again(taken, 0, 0)
        else again(taken, settlement.delayMs, 1)
        settled.push({ taken, settlement, confirmed: true })
      }
    }
    tell(settled)
    options.onProgress()
  }

  function tell(settled: readonly Settled[]): void {
    options.onSettled?.(
      settled.map(({ taken }) => taken.delivery),
      settled.map(({ settlement }) => settlement),
      settled.map(({ confirmed }) => confirmed),
    )
  }

  /** In its place again, `delayMs` from now: its partition waits with it, unless it is a retry topic, where each waits for itself. */
  function again(taken: FetchedRecord, delayMs: number, attempts: number): void {
    if (taken.log.lost || draining) return
    const { delivery, log } = taken
    const at = now() + delayMs
    taken.delivery = {
      ...delivery,
      ...{ attempt: delivery.attempt + attempts, receiveCount: delivery.receiveCount + 1, receivedAt: now() },
    }
    if (delayMs > 0 && !isRetryLog(log, delivery.topic)) log.holdUntil = Math.max(log.holdUntil, at)
    // Also what is due at once: a handler that gives everything back would never let anything else happen.
    intake.later(taken, at)
  }

  async function copy(
    taken: FetchedRecord,
    settlement: Extract<Settlement, { kind: 'retry' | 'dead-letter' }>,
  ): Promise<void> {
    taken.state = 'storing'
    storing.add(taken)
    const original = intake.recordOf(taken)
    const { delivery, log } = taken
    const made =
      settlement.kind === 'retry'
        ? retryCopy(delivery, original, now() + settlement.delayMs, options.retryTopics)
        : deadLetterCopy(delivery, original, settlement, now())
    const stored = await options.store(made, () => !log.lost && !abandoned)
    storing.delete(taken)
    if (stored) markSettled(taken, settlement)
    options.onProgress()
  }

  return {
    pump,
    hold(on) {
      held = on
      if (!on) pump()
    },
    assigned() {
      for (const taken of withHandler) if (taken.log.lost) elsewhere.add(taken)
      if (stranded.length > 0) tell(stranded)
      stranded = []
    },
    inHand() {
      let count = withHandler.size + storing.size
      for (const log of intake.logs()) count += log.ready.length
      return count
    },
    running: () => handling,
    storing: () => storing.size,
    drain() {
      draining = true
    },
    abandon() {
      abandoned = true
      draining = true
      withHandler.clear()
      storing.clear()
      stranded = []
    },
  }
}

const isRetryLog = (log: PartitionLog, topic: string): boolean => log.topic !== topic
