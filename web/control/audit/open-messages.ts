import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { type BitPlane, bitsOf, chunkSize } from '../ledger/bit-plane.ts'
import type { Lane } from '../ledger/lane.ts'
import type { LaneChunk } from '../ledger/lane-chunk.ts'
import type { Ledger } from '../ledger/ledger.ts'

interface Place {
  lane: Lane
  seq: number
  id: string
}

/** Obligations of messages of a broker that no group has settled. */
export function* openObligations(ledger: Ledger, broker: BrokerName): Generator<Place & { group: string }> {
  for (const { lane, number, chunk } of chunksOn(ledger, broker)) {
    for (const [group, { owed, delivered, deadLettered, lost }] of chunk.groups) {
      for (const place of places(lane, number, owed, [delivered, deadLettered, lost])) yield { ...place, group }
    }
  }
}

/** Publishes to a broker of which nobody knows whether it has them. */
export function* indeterminatePublishes(ledger: Ledger, broker: BrokerName): Generator<Place> {
  for (const { lane, number, chunk } of chunksOn(ledger, broker)) yield* places(lane, number, chunk.indeterminate, [])
}

/** Messages that must stand among a group's dead letters on a broker, by telemetry. */
export function* parkedOn(ledger: Ledger, broker: BrokerName, group: string): Generator<string> {
  for (const { lane, number, chunk } of chunksOn(ledger, broker)) {
    const planes = chunk.groups.get(group)
    if (planes) for (const { id } of places(lane, number, planes.deadLettered, [])) yield id
  }
}

function* chunksOn(ledger: Ledger, broker: BrokerName): Generator<{ lane: Lane; number: number; chunk: LaneChunk }> {
  for (const lane of ledger.lanes()) {
    if (lane.broker !== broker) continue
    for (const [number, chunk] of lane.chunks) yield { lane, number, chunk }
  }
}

function* places(lane: Lane, number: number, set: BitPlane, butNot: readonly BitPlane[]): Generator<Place> {
  for (const [word, bits] of set.entries()) {
    let rest = bits
    for (const plane of butNot) rest &= ~(plane[word] ?? 0)
    for (const index of bitsOf(rest, word)) {
      const seq = number * chunkSize + index + 1
      yield { lane, seq, id: lane.prefix + seq }
    }
  }
}
