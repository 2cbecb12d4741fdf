import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { chunkSize } from '../ledger/bit-plane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { SequenceChunk } from '../ledger/sequence-chunk.ts'

/** What is still to come of the messages of some brokers. */
export interface Outstanding {
  /** Publishes without an answer. */
  publishes: number
  /** Unsettled obligations by group; a group without any is not in it. */
  groups: Map<string, number>
}

const words = chunkSize / 32

/** Counts what is open of the messages that went to the brokers of which `counts` says so. Costs by what is open. */
export function outstandingOf(ledger: Ledger, counts: (broker: BrokerName) => boolean): Outstanding {
  const sum: Outstanding = { publishes: 0, groups: new Map() }
  for (const sequence of ledger.sequences()) {
    if (!counts(sequence.broker)) continue
    for (const chunk of sequence.chunks.values()) addChunk(sum, chunk)
  }
  return sum
}

function addChunk(sum: Outstanding, chunk: SequenceChunk): void {
  const { attempted, acked, failed, indeterminate, recovered, absent, final } = chunk
  for (let word = 0; word < words; word += 1) {
    const answered =
      at(acked, word) |
      at(failed, word) |
      at(indeterminate, word) |
      at(recovered, word) |
      at(absent, word) |
      at(final, word)
    sum.publishes += bitsIn(at(attempted, word) & ~answered)
  }
  for (const [group, { owed, delivered, deadLettered, lost }] of chunk.groups) {
    let open = 0
    for (let word = 0; word < words; word += 1) {
      open += bitsIn(at(owed, word) & ~(at(delivered, word) | at(deadLettered, word) | at(lost, word)))
    }
    if (open > 0) sum.groups.set(group, (sum.groups.get(group) ?? 0) + open)
  }
}

const at = (plane: Uint32Array, word: number): number => plane[word] ?? 0

function bitsIn(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555)
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333)
  return (((value + (value >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
