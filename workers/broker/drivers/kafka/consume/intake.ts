import type { Batch } from 'kafkajs'
import { type Bindings, isOwed, nextOwed, spansOf } from '../cluster/bindings.ts'
import { parseRetryTopic } from '../names.ts'
import type { OutgoingRecord } from '../produce/record.ts'
import { deliveryOf, type Original, recordOf } from './delivery.ts'
import type { MemberConnection } from './group-member.ts'
import {
  compareWithLog,
  createPartitionLog,
  type FetchedRecord,
  markSettled,
  type PartitionLog,
  putBack,
  settledUpTo,
} from './partition-log.ts'

export interface IntakeOptions {
  group: string
  member: () => MemberConnection | undefined
  now: () => number
  /** Records in flight of one partition above which it is fetched from no more until half of them are gone. */
  room: number
  /** How long after its last withheld settlement a partition is read again. */
  withheldMs: number
  /** Bindings as last read, and when that reading began. */
  bindings: () => { bindings: Bindings; readAt: number }
  look: () => void
  /** Called when a message can be handled. */
  onReady: () => void
  /** Something was settled without a handler. */
  onSkipped: () => void
}

/** What a member has fetched: a log per partition that is assigned to it. */
export interface FetchedRecords {
  logs(): Iterable<PartitionLog>
  /** Takes a batch; `false` where the partition is not this member's, or is to be fetched from elsewhere. */
  take(batch: Batch): boolean
  /** Keeps the logs of partitions that stay, gives up the others. `fresh`: keeps none. */
  assign(assignment: Record<string, number[]>, fresh: boolean): void
  /** Bindings were read: decides what waited for it. */
  decide(): void
  /** Puts a record back, to be handled from `at` on. */
  later(taken: FetchedRecord, at: number): void
  /** Reads partitions again whose settlements were withheld, once that is over: as if the worker had died with them. */
  rereadWithheld(): void
  /** The topic was deleted and made again: its partitions are read from their beginning, whatever was read before. */
  restart(topic: string): void
  /** Fetches again from partitions that have room. */
  refill(): void
  /** The record as it is stored, for its copies. */
  recordOf(taken: FetchedRecord): OutgoingRecord
  stop(): void
}

/** Settled records behind one that is not, at most: only withheld settlements, or a handler that hangs, let them grow. */
const takenMax = 20_000

export function createIntake(options: IntakeOptions): FetchedRecords {
  const { group, now } = options
  const logs = new Map<string, PartitionLog>()
  const originals = new WeakMap<FetchedRecord, Original>()
  const waiting = new Set<FetchedRecord>()
  let undecided: FetchedRecord[] = []
  let timer: NodeJS.Timeout | undefined
  let timerAt = Number.POSITIVE_INFINITY

  function fresh(topic: string, partition: number): PartitionLog {
    const name = `${topic}/${partition}`
    giveUp(logs.get(name))
    const log = createPartitionLog(topic, partition)
    logs.set(name, log)
    return log
  }

  function giveUp(log: PartitionLog | undefined): void {
    if (!log) return
    log.lost = true
    log.ready = []
    logs.delete(`${log.topic}/${log.partition}`)
    for (const taken of waiting) if (taken.log === log) waiting.delete(taken)
    undecided = undecided.filter((taken) => taken.log !== log)
  }

  function later(taken: FetchedRecord, at: number): void {
    taken.state = 'waiting'
    taken.at = at
    waiting.add(taken)
    wakeAt(at)
  }

  function wakeAt(at: number): void {
    if (at >= timerAt) return
    clearTimeout(timer)
    timerAt = at
    timer = setTimeout(wake, Math.min(Math.max(0, at - now()), 60_000))
  }

  function wake(): void {
    timerAt = Number.POSITIVE_INFINITY
    const at = now()
    let next = Number.POSITIVE_INFINITY
    for (const taken of waiting) {
      if (taken.at > at) {
        next = Math.min(next, taken.at)
        continue
      }
      waiting.delete(taken)
      taken.delivery = { ...taken.delivery, receivedAt: at }
      putBack(taken)
    }
    if (next !== Number.POSITIVE_INFINITY) wakeAt(next)
    options.onReady()
  }

  /** Sorts a record that has just come, or was not decided before: to the handler, past it, or to wait for newer bindings. */
  function sort(taken: FetchedRecord): 'ready' | 'skipped' | 'undecided' {
    const { log, offset, delivery } = taken
    if (parseRetryTopic(log.topic)) return 'ready'
    const { bindings, readAt } = options.bindings()
    const type = delivery.envelope?.type
    if (isOwed(spansOf(bindings, log.topic, log.partition), type, offset)) return 'ready'
    // A binding that was made before this record came into the log was in place by the time it was fetched.
    return readAt > taken.at ? 'skipped' : 'undecided'
  }

  function decide(): void {
    const open = undecided
    undecided = []
    let skipped = false
    for (const taken of open) {
      const verdict = sort(taken)
      if (verdict === 'ready') putBack(taken)
      else if (verdict === 'undecided') undecided.push(taken)
      else {
        markSettled(taken, undefined)
        skipped = true
      }
    }
    if (open.length === 0) return
    options.onReady()
    if (skipped) options.onSkipped()
    if (undecided.length > 0) options.look()
  }

  function flow(log: PartitionLog): void {
    const member = options.member()
    const full = log.open >= options.room || log.taken.length >= takenMax
    if (!log.paused && full) {
      log.paused = true
      member?.pause(log.topic, log.partition)
    } else if (log.paused && log.open <= options.room / 2 && log.taken.length < takenMax) {
      log.paused = false
      member?.resume(log.topic, log.partition)
    }
  }

  /** Where reading begins: behind what was never owed, so that a group does not read a whole log to skip it. */
  function seekOwed(log: PartitionLog, batch: Batch): boolean {
    if (log.next !== undefined || parseRetryTopic(log.topic)) return false
    const first = Number(batch.firstOffset() ?? 0)
    const owed = nextOwed(spansOf(options.bindings().bindings, log.topic, log.partition), first)
    if (owed === undefined || owed <= Number(batch.lastOffset())) return false
    options.member()?.seek(log.topic, log.partition, owed)
    return true
  }

  return {
    logs: () => logs.values(),
    take(batch) {
      const { topic, partition } = batch
      let log = logs.get(`${topic}/${partition}`)
      if (!log) return false
      if (seekOwed(log, batch)) return true
      const at = now()
      for (const message of batch.messages) {
        const offset = Number(message.offset)
        const stamp = `${message.timestamp}/${message.value?.length ?? -1}`
        const known = compareWithLog(log, offset, stamp)
        if (known === 'again') continue
        if (known === 'other') log = fresh(topic, partition)
        const { delivery, original, due } = deliveryOf(group, topic, partition, message, at)
        const taken: FetchedRecord = { log, offset, stamp, delivery, state: 'undecided', at }
        originals.set(taken, original)
        log.taken.push(taken)
        log.open += 1
        log.next = offset + 1
        if (due > at) {
          later(taken, due)
          continue
        }
        const verdict = sort(taken)
        if (verdict === 'ready') {
          taken.state = 'ready'
          log.ready.push(taken)
        } else if (verdict === 'undecided') undecided.push(taken)
        else markSettled(taken, undefined)
      }
      flow(log)
      if (undecided.length > 0) options.look()
      options.onReady()
      return true
    },
    assign(assignment, isFresh) {
      const assigned = new Set(
        Object.entries(assignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => `${topic}/${partition}`),
        ),
      )
      for (const [name, log] of [...logs]) if (isFresh || !assigned.has(name)) giveUp(log)
      for (const [topic, partitions] of Object.entries(assignment)) {
        for (const partition of partitions) {
          if (logs.has(`${topic}/${partition}`)) continue
          fresh(topic, partition)
          // kafkajs keeps a partition paused across assignments.
          options.member()?.resume(topic, partition)
        }
      }
    },
    decide,
    later,
    rereadWithheld() {
      const at = now()
      for (const log of [...logs.values()]) {
        if (log.withheldAt === 0 || at - log.withheldAt < options.withheldMs) continue
        const from = settledUpTo(log)
        fresh(log.topic, log.partition)
        options.member()?.resume(log.topic, log.partition)
        if (from !== undefined) options.member()?.seek(log.topic, log.partition, from)
      }
    },
    restart(topic) {
      for (const log of [...logs.values()]) {
        if (log.topic !== topic) continue
        fresh(log.topic, log.partition)
        options.member()?.resume(log.topic, log.partition)
        options.member()?.seek(log.topic, log.partition, 0)
      }
    },
    refill() {
      for (const log of logs.values()) flow(log)
    },
    recordOf: (taken) => recordOf(taken.delivery, originals.get(taken) ?? { key: null, exact: undefined }),
    stop() {
      clearTimeout(timer)
      waiting.clear()
      undecided = []
      for (const log of logs.values()) log.ready = []
    },
  }
}
