import type { Ledger } from '#web/control/ledger/ledger.ts'

/** Up to where a shard holds a partition back: the offset of its oldest message there that is not settled, -1 if it has none. */
export type Holds = Float64Array

/** What a shard reports to the one that merges: its counts whole, and of each partition that changed since the last report where it holds it. */
export interface ShardReport {
  counts: string
  /** Pairs of a partition's number, less that of the one before, and its hold plus one less what was reported before: variable-length numbers. */
  holds: Uint8Array
}

export const bytesOf = ({ counts, holds }: ShardReport): number => Buffer.byteLength(counts) + holds.length

/** Seven bits a byte, the lowest first; the sign is the lowest bit. */
function write(into: number[], value: number): void {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  while (rest >= 128) {
    into.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  into.push(rest)
}

function* read(bytes: Uint8Array): Generator<number> {
  let [value, scale] = [0, 1]
  for (const byte of bytes) {
    value += (byte % 128) * scale
    scale *= 128
    if (byte >= 128) continue
    yield value % 2 === 0 ? value / 2 : -(value + 1) / 2
    value = 0
    scale = 1
  }
}

/** Makes the report and notes in `reported` what it contains. */
export function reportOf(ledger: Ledger, now: Holds, reported: Holds): ShardReport {
  const holds: number[] = []
  let last = 0
  for (let partition = 0; partition < now.length; partition += 1) {
    const [value = -1, before = -1] = [now[partition], reported[partition]]
    if (value === before) continue
    write(holds, partition - last)
    write(holds, value - before)
    last = partition
    reported[partition] = value
  }
  const counts = { publishes: [...ledger.publishes.entries()], groups: [...ledger.groups.entries()] }
  return { counts: JSON.stringify(counts), holds: Uint8Array.from(holds) }
}

type Rows = [first: string, second: string, counts: Record<string, number>][]

/** The merging side: what each shard said last, the sums of all counts, and the least hold of each partition. */
export class Merger {
  readonly #holds: Holds[]
  #counts: { publishes: Rows; groups: Rows }[] = []

  constructor(shards: number, partitions: number) {
    this.#holds = Array.from({ length: shards }, () => new Float64Array(partitions).fill(-1))
  }

  take(shard: number, { counts, holds }: ShardReport): void {
    this.#counts[shard] = JSON.parse(counts)
    const known = this.#holds[shard] ?? new Float64Array()
    const numbers = read(holds)
    let partition = 0
    for (let next = numbers.next(); !next.done; next = numbers.next()) {
      partition += next.value
      known[partition] = (known[partition] ?? -1) + (numbers.next().value ?? 0)
    }
  }

  /** The oldest unsettled offset of each partition over all shards, -1 if nothing holds it. */
  merged(): Holds {
    const [first = new Float64Array(), ...others] = this.#holds
    const least = Float64Array.from(first)
    for (const holds of others)
      for (let partition = 0; partition < least.length; partition += 1) {
        const [value = -1, other = -1] = [least[partition], holds[partition]]
        if (other !== -1 && (value === -1 || other < value)) least[partition] = other
      }
    return least
  }

  /** One figure of all shards and topics together. */
  sum(table: 'publishes' | 'groups', name: string): number {
    return this.#counts.flatMap((all) => all[table]).reduce((sum, [, , counts]) => sum + (counts[name] ?? 0), 0)
  }
}
