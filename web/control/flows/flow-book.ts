import type { FlowFigures } from '#contracts/api/flow.ts'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { FlowTracker } from '../journeys/flow-tracker.ts'
import { isAccepted, type JourneyRecord, toMs } from '../journeys/journey-record.ts'
import { wholeOf } from '../journeys/packed-journey.ts'
import { Deadlines } from './deadlines.ts'
import { EarlyEvents, type EarlyState } from './early-events.ts'
import { type FlowKind, FlowKinds } from './flow-kinds.ts'
import type { FlowSources } from './flow-sources.ts'
import { FlowStore, type FlowStoreState, flowFlag } from './flow-store.ts'

/** Ended flows that are kept: the newest. */
export const keptEnded = 100_000
/** Halts that one look finds at most: the rest follows with the next. */
const haltsPerLook = 5_000

export interface FlowBookState {
  kinds: FlowKind[]
  store: FlowStoreState
  early: EarlyState
}

/**
 * Every flow that is not ended and the newest ended ones; counts of all. What state a flow is in follows from what is known of it now:
 *
 *   OPEN       its first event is accepted; it has no end, or something of it is not settled
 *   ENDED      it has an end, and everything of it is settled; open again where something becomes unsettled (a redrive)
 *   OVERDUE    open past its time; ended after that it is overdue no more
 *   STALLED    overdue without an end, and nothing of it is unsettled: counted as an anomaly until that changes
 *
 * While a checkpoint is RESTORED journeys are made again, and only what is open is counted.
 */
export class FlowBook implements FlowTracker {
  readonly kinds = new FlowKinds()
  readonly store = new FlowStore()
  readonly #sources: FlowSources
  readonly #kept: number
  readonly #early = new EarlyEvents()
  readonly #deadlines = new Deadlines(this.store, this.kinds)
  /** Flows that may have stalled, and since when that is known. */
  readonly #halted = new Map<number, number>()
  /** Flows that are counted as stalled. */
  #stalled = 0
  #isRestoring = false

  constructor(sources: FlowSources, kept = keptEnded) {
    this.#sources = sources
    this.#kept = kept
  }

  /** Flows that begin from now on are those declared. */
  declare(declared: readonly FlowDeclaration[]): void {
    this.kinds.declare(declared)
  }

  figures(): FlowFigures[] {
    return this.kinds.figures()
  }

  /** Overdue flows that are not counted as stalled: something of them is unsettled, or was not judged yet. */
  get undecided(): number {
    const overdue = this.kinds.all().reduce((sum, kind) => sum + kind.overdue, 0)
    return overdue - this.#stalled
  }

  reported(journey: JourneyRecord): void {
    const { sequence, seq, chained, type } = journey
    if (chained && chained.correlationId !== journey.id) {
      const { correlationId } = chained
      if (this.store.find(correlationId) !== undefined || !this.#isFollowing) return
      if (!this.#sources.wasReported(correlationId)) this.#early.add(correlationId, journey.id, type)
      return
    }
    const kind = this.kinds.startedBy(type)
    const early = this.#early.take(journey.id)
    if (kind === undefined) return
    const row = this.store.add(sequence.prefix, seq, kind, toMs(journey, journey.attemptedUs))
    for (const [id, earlyType] of early) this.#adopt(row, id, earlyType)
  }

  accepted(journey: JourneyRecord, at: number): void {
    const row = this.#rowOf(journey)
    if (row === undefined) return
    if (this.#isFirst(row, journey)) {
      if (this.store.has(row, flowFlag.started)) return
      this.store.put(row, flowFlag.started, true)
      const kind = this.#kindOf(row)
      kind.started += 1
      kind.open += 1
      this.store.flows.set(row, 'number', this.kinds.numberOf(kind.declaration.name))
      this.store.flows.add1(row, 'events', 1)
      this.#deadlines.lookAgain(row)
    } else {
      const { sequence, seq, type } = journey
      this.#take(row, { prefix: sequence.prefix, seq, type, at: toMs(journey, journey.attemptedUs) }, at)
    }
    this.#weigh(row)
  }

  refused(journey: JourneyRecord): void {
    const row = this.#rowOf(journey)
    if (row === undefined || !this.#isFirst(row, journey) || this.store.has(row, flowFlag.started)) return
    this.store.remove(row)
  }

  handed(journey: JourneyRecord): void {
    const row = this.#rowOf(journey)
    if (row !== undefined) this.store.flows.add1(row, 'deliveries', 1)
  }

  /** A journey became open (1), or settled or forgotten (-1). */
  opened(journey: JourneyRecord, change: 1 | -1): void {
    const row = this.#rowOf(journey)
    if (row === undefined) return
    this.store.flows.add1(row, 'open', change)
    if (change === -1 && this.#isFirst(row, journey) && !this.store.keys.has(row)) {
      const { key } = wholeOf(journey)
      if (key !== undefined) this.store.keys.set(row, key)
    }
    this.#weigh(row)
  }

  stalled(id: string, at: number): void {
    const row = this.store.find(id)
    if (row === undefined || this.store.has(row, flowFlag.stalled) || !this.store.has(row, flowFlag.started)) return
    if (this.store.has(row, flowFlag.ended)) return
    this.#setOverdue(row, true)
    this.store.put(row, flowFlag.stalled, true)
    this.#stalled += 1
    this.#halted.delete(row)
    this.#sources.raise('stalled_flow', id, at)
  }

  /**
   * Looks at deadlines. Answers the flows that have stalled and are to be entered by `stalled`: those of which nothing more can come,
   * as every source has reported past the moment at which that was found. `covered`: up to when, epoch milliseconds; undefined: nothing
   * can be judged.
   */
  look(covered: number | undefined): { id: string; at: number }[] {
    this.#deadlines.look(this.#sources.now(), (row) => this.#pass(row))
    const found: { id: string; at: number }[] = []
    for (const [row, since] of covered === undefined ? [] : this.#halted) {
      if (found.length >= haltsPerLook) break
      if (since <= (covered ?? 0)) found.push({ id: this.store.idOf(row), at: since })
    }
    return found
  }

  state(): FlowBookState | undefined {
    if (!this.#isFollowing && this.store.flows.next === 0) return undefined
    return { kinds: this.kinds.state(), store: this.store.state(), early: this.#early.state() }
  }

  /**
   * Takes what a checkpoint has. `isWhole`: how many messages of a flow are open too. Else that follows from the journeys that are made
   * again until `restored`.
   */
  restore(state: FlowBookState | undefined, isWhole: boolean): void {
    this.#isRestoring = true
    if (!state) return
    this.kinds.restore(state.kinds)
    this.store.restore(state.store)
    this.#early.restore(state.early)
    for (let row = this.store.flows.from(0); row < this.store.flows.next; row = this.store.flows.from(row + 1)) {
      if (!isWhole) this.store.flows.set(row, 'open', 0)
      if (this.store.has(row, flowFlag.stalled)) this.#stalled += 1
    }
  }

  restored(): void {
    this.#isRestoring = false
    for (let row = this.store.flows.from(0); row < this.store.flows.next; row = this.store.flows.from(row + 1)) {
      this.#weigh(row)
    }
  }

  /** Whether flows are declared or were: else nothing is looked for. */
  get #isFollowing(): boolean {
    return this.kinds.all().length > 0
  }

  #rowOf({ sequence, seq, chained }: JourneyRecord): number | undefined {
    if (!this.#isFollowing) return undefined
    return chained ? this.store.find(chained.correlationId) : this.store.get(sequence.prefix, seq)
  }

  #isFirst(row: number, { sequence, seq, chained }: JourneyRecord): boolean {
    return !chained || this.store.get(sequence.prefix, seq) === row
  }

  #kindOf(row: number): FlowKind {
    return this.kinds.at(this.store.flows.get(row, 'kind'))
  }

  /** An event that was reported before the first one of its flow. */
  #adopt(row: number, id: string, type: string): void {
    const journey = this.#sources.find(id)
    if (journey && this.#sources.isOpen(journey)) this.store.flows.add1(row, 'open', 1)
    // One that is forgotten was settled.
    if (journey && !isAccepted(journey)) return
    const split = id.lastIndexOf(':') + 1
    const at = journey ? toMs(journey, journey.attemptedUs) : this.store.flows.get(row, 'startedAt')
    this.#take(row, { prefix: id.slice(0, split), seq: Number(id.slice(split)), type, at }, at)
  }

  #take(row: number, event: { prefix: string; seq: number; type: string; at: number }, at: number): void {
    const { flows } = this.store
    this.store.append(row, event)
    flows.add1(row, 'events', 1)
    const end = this.#kindOf(row).declaration.ends.indexOf(event.type) + 1
    if (end === 0) return
    const first = flows.get(row, 'firstEnd')
    if (first === 0) {
      flows.set(row, 'firstEnd', end)
      flows.set(row, 'took', Math.max(at - flows.get(row, 'startedAt'), 0))
    } else if (first !== end && !this.store.has(row, flowFlag.conflicting)) {
      if (this.store.has(row, flowFlag.ended)) this.#kindOf(row).conflicting += 1
      this.store.put(row, flowFlag.conflicting, true)
      this.#sources.raise('conflicting_outcomes', this.store.idOf(row), at)
    }
  }

  /** Brings the state of a flow up to date with what is known of it. */
  #weigh(row: number): void {
    if (this.#isRestoring || !this.store.has(row, flowFlag.started)) return
    const isEnded = this.store.flows.get(row, 'firstEnd') > 0 && this.store.flows.get(row, 'open') === 0
    if (isEnded !== this.store.has(row, flowFlag.ended)) this.#setEnded(row, isEnded)
    this.#noteHalt(row)
  }

  #setEnded(row: number, isEnded: boolean): void {
    const kind = this.#kindOf(row)
    const change = isEnded ? 1 : -1
    const end = this.store.flows.get(row, 'firstEnd') - 1
    this.#setOverdue(row, false)
    this.store.put(row, flowFlag.ended, isEnded)
    kind.ended[end] = (kind.ended[end] ?? 0) + change
    kind.open -= change
    if (this.store.has(row, flowFlag.conflicting)) kind.conflicting += change
    if (!isEnded) {
      this.#deadlines.lookAgain(row)
      return
    }
    if (!this.store.has(row, flowFlag.measured)) {
      this.store.put(row, flowFlag.measured, true)
      const { name, ends } = kind.declaration
      this.#sources.ended?.(name, ends[end] ?? '', this.store.flows.get(row, 'took'))
    }
    if (!this.store.has(row, flowFlag.retired)) this.#retire(row)
  }

  #retire(row: number): void {
    this.store.put(row, flowFlag.retired, true)
    const oldest = this.store.retire(row, this.#kept)
    if (oldest === undefined) return
    this.store.put(oldest, flowFlag.retired, false)
    if (!this.store.has(oldest, flowFlag.ended)) return
    this.#deadlines.forget(oldest)
    this.store.remove(oldest)
  }

  #setOverdue(row: number, isOverdue: boolean): void {
    if (this.store.has(row, flowFlag.overdue) === isOverdue) return
    this.store.put(row, flowFlag.overdue, isOverdue)
    const kind = this.#kindOf(row)
    kind.overdue += isOverdue ? 1 : -1
    kind.open -= isOverdue ? 1 : -1
  }

  /** Whether it has come to a halt without an end, past its time. */
  #noteHalt(row: number): void {
    const { flows } = this.store
    const isHalted =
      this.store.has(row, flowFlag.overdue) && flows.get(row, 'firstEnd') === 0 && flows.get(row, 'open') === 0
    if (isHalted) {
      if (!this.store.has(row, flowFlag.stalled) && !this.#halted.has(row)) this.#halted.set(row, this.#sources.now())
      return
    }
    this.#halted.delete(row)
    if (!this.store.has(row, flowFlag.stalled)) return
    this.store.put(row, flowFlag.stalled, false)
    this.#stalled -= 1
    this.#sources.retract('stalled_flow', this.store.idOf(row))
  }

  #pass(row: number): void {
    if (!this.store.has(row, flowFlag.started) || this.store.has(row, flowFlag.ended)) return
    this.#setOverdue(row, true)
    this.#noteHalt(row)
  }
}
