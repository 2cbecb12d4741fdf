import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { type BitPlane, bitsOf, chunkSize } from '../ledger/bit-plane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Sequence } from '../ledger/sequence.ts'
import type { SequenceChunk } from '../ledger/sequence-chunk.ts'

interface Place {
  sequence: Sequence
  seq: number
  id: string
}

/** What a group owes for a message. */
export interface Owed extends Place {
  group: string
}

/** Obligations of messages of a broker that no group has settled. */
export function* openObligations(ledger: Ledger, broker: BrokerName): Generator<Owed> {
  for (const { sequence, number, chunk } of chunksOn(ledger, broker)) {
    for (const [group, { owed, delivered, deadLettered, lost }] of chunk.groups) {
      for (const place of places(sequence, number, owed, [delivered, deadLettered, lost])) yield { ...place, group }
    }
  }
}

/** Obligations of messages of a broker that were taken for lost. */
export function* lostObligations(ledger: Ledger, broker: BrokerName): Generator<Owed> {
  for (const { sequence, number, chunk } of chunksOn(ledger, broker)) {
    for (const [group, { lost, delivered, deadLettered }] of chunk.groups) {
      for (const place of places(sequence, number, lost, [delivered, deadLettered])) yield { ...place, group }
    }
  }
}

/** Publishes to a broker of which nobody knows whether it has them. */
export function* indeterminatePublishes(ledger: Ledger, broker: BrokerName): Generator<Place> {
  for (const { sequence, number, chunk } of chunksOn(ledger, broker))
    yield* places(sequence, number, chunk.indeterminate, [])
}

/** Messages that must be among a group's dead letters on a broker, by telemetry. */
export function* parkedOn(ledger: Ledger, broker: BrokerName, group: string): Generator<string> {
  for (const { sequence, number, chunk } of chunksOn(ledger, broker)) {
    const planes = chunk.groups.get(group)
    if (planes) for (const { id } of places(sequence, number, planes.deadLettered, [])) yield id
  }
}

function* chunksOn(
  ledger: Ledger,
  broker: BrokerName,
): Generator<{ sequence: Sequence; number: number; chunk: SequenceChunk }> {
  for (const sequence of ledger.sequences()) {
    if (sequence.broker !== broker) continue
    for (const [number, chunk] of sequence.chunks) yield { sequence, number, chunk }
  }
}

function* places(sequence: Sequence, number: number, set: BitPlane, butNot: readonly BitPlane[]): Generator<Place> {
  for (const [word, bits] of set.entries()) {
    let rest = bits
    for (const plane of butNot) rest &= ~(plane[word] ?? 0)
    for (const index of bitsOf(rest, word)) {
      const seq = number * chunkSize + index + 1
      yield { sequence, seq, id: sequence.prefix + seq }
    }
  }
}
