import { MessageIndex } from './message-index.ts'
import { Rows, type RowsState } from './rows.ts'

/** What is said of a flow, one bit each. */
export const flowFlag = {
  /** The broker has its first event. */
  started: 1,
  ended: 2,
  overdue: 4,
  /** It is counted as `stalled_flow`. */
  stalled: 8,
  /** It has two different ends. */
  conflicting: 16,
  /** It waits among the ended to be dropped. */
  retired: 32,
  /** How long it took is in the histogram. */
  measured: 64,
  /** The row is that of a flow. */
  kept: 128,
} as const

const flowColumns = {
  prefix: 'u32',
  seq: 'f64',
  kind: 'u16',
  number: 'f64',
  /** Epoch milliseconds by the clock of its producer. */
  startedAt: 'f64',
  /** Milliseconds to the first end. */
  took: 'f64',
  /** Place of the first end in `ends`, from 1. */
  firstEnd: 'u16',
  /** The newest of its other events, from 1. */
  last: 'f64',
  events: 'u32',
  deliveries: 'u32',
  /** Messages of it that are not settled. */
  open: 'u32',
  flags: 'u8',
} as const

const eventColumns = {
  prefix: 'u32',
  seq: 'f64',
  type: 'u16',
  /** Epoch milliseconds by the clock of its producer. */
  at: 'f64',
  /** The one that was reported before it in the same flow, from 1. */
  before: 'f64',
} as const

export interface FlowEvent {
  id: string
  type: string
  /** Epoch milliseconds. */
  at: number
}

export interface FlowStoreState {
  prefixes: string[]
  types: string[]
  flows: RowsState
  events: RowsState
  keys: [row: number, key: string][]
  retired: number[]
}

/** Where flows are kept: numbers in columns, some sixty bytes for a flow that has begun and thirty for each further event. */
export class FlowStore {
  readonly flows = new Rows(flowColumns)
  readonly #events = new Rows(eventColumns)
  readonly #index = new MessageIndex()
  readonly #types: string[] = []
  /** Keys of first events whose journey is settled and may be forgotten. */
  readonly keys = new Map<number, string>()
  /** Flows that have ended, the first that did so first. */
  #retired: number[] = []
  #nextOut = 0

  /** Begins a row for the flow of a first event. */
  add(prefix: string, seq: number, kind: number, startedAt: number): number {
    const row = this.flows.add()
    this.flows.set(row, 'prefix', this.#index.prefixOf(prefix))
    this.flows.set(row, 'seq', seq)
    this.flows.set(row, 'kind', kind)
    this.flows.set(row, 'startedAt', startedAt)
    this.flows.set(row, 'flags', flowFlag.kept)
    this.#index.set(prefix, seq, row)
    return row
  }

  get(prefix: string, seq: number): number | undefined {
    return this.#index.get(prefix, seq)
  }

  find(id: string): number | undefined {
    return this.#index.find(id)
  }

  idOf(row: number): string {
    return this.#index.idOf(this.flows.get(row, 'prefix'), this.flows.get(row, 'seq'))
  }

  has(row: number, bit: number): boolean {
    return (this.flows.get(row, 'flags') & bit) !== 0
  }

  put(row: number, bit: number, isSet: boolean): void {
    const flags = this.flows.get(row, 'flags')
    this.flows.set(row, 'flags', isSet ? flags | bit : flags & ~bit)
  }

  append(row: number, { prefix, seq, type, at }: { prefix: string; seq: number; type: string; at: number }): void {
    const event = this.#events.add()
    this.#events.set(event, 'prefix', this.#index.prefixOf(prefix))
    this.#events.set(event, 'seq', seq)
    this.#events.set(event, 'type', this.#typeOf(type))
    this.#events.set(event, 'at', at)
    this.#events.set(event, 'before', this.flows.get(row, 'last'))
    this.flows.set(row, 'last', event + 1)
  }

  /** The events of a flow but the first, the one that was reported last first. */
  *events(row: number): Generator<FlowEvent> {
    for (let event = this.flows.get(row, 'last'); event > 0; event = this.#events.get(event - 1, 'before')) {
      const at = event - 1
      yield {
        id: this.#index.idOf(this.#events.get(at, 'prefix'), this.#events.get(at, 'seq')),
        type: this.#types[this.#events.get(at, 'type') - 1] ?? '',
        at: this.#events.get(at, 'at'),
      }
    }
  }

  remove(row: number): void {
    for (let event = this.flows.get(row, 'last'); event > 0; ) {
      const before = this.#events.get(event - 1, 'before')
      this.#events.remove(event - 1)
      event = before
    }
    this.#index.delete(this.#index.textOf(this.flows.get(row, 'prefix')), this.flows.get(row, 'seq'))
    this.keys.delete(row)
    this.flows.remove(row)
  }

  /** Puts a flow among the ended; answers the one that has waited longest if they are more than `kept`. */
  retire(row: number, kept: number): number | undefined {
    this.#retired.push(row)
    if (this.#retired.length - this.#nextOut <= kept) return undefined
    const oldest = this.#retired[this.#nextOut]
    this.#nextOut += 1
    if (this.#nextOut > kept) {
      this.#retired = this.#retired.slice(this.#nextOut)
      this.#nextOut = 0
    }
    return oldest
  }

  /** Bytes of the columns. */
  get bytes(): number {
    return this.flows.bytes + this.#events.bytes + this.#index.bytes
  }

  state(): FlowStoreState {
    return {
      prefixes: this.#index.prefixes(),
      types: [...this.#types],
      flows: this.flows.state(),
      events: this.#events.state(),
      keys: [...this.keys],
      retired: this.#retired.slice(this.#nextOut),
    }
  }

  restore({ prefixes, types, flows, events, keys, retired }: FlowStoreState): void {
    for (const prefix of prefixes) this.#index.prefixOf(prefix)
    this.#types.push(...types)
    this.flows.restore(flows)
    this.#events.restore(events)
    for (const [row, key] of keys) this.keys.set(row, key)
    this.#retired = [...retired]
    for (let row = this.flows.from(0); row < this.flows.next; row = this.flows.from(row + 1)) {
      if (!this.has(row, flowFlag.kept)) continue
      this.#index.set(this.#index.textOf(this.flows.get(row, 'prefix')), this.flows.get(row, 'seq'), row)
    }
  }

  #typeOf(type: string): number {
    const known = this.#types.indexOf(type) + 1
    return known > 0 ? known : this.#types.push(type)
  }
}
