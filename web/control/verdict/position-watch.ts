import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { BrokerSnapshot, PartitionState, QueueDepth } from '#workers/broker/broker.ts'
import type { Resolution } from '../journeys/apply/apply-resolution.ts'

interface Partition {
  startOffset: number
  endOffset: number
  /** By group. */
  committed: Map<string, number>
}

/**
 * Places that a broker cannot truly have: `topic/partition@offset` committed beyond the end of the log, or before what the group had
 * committed already; a depth below zero. Looks must come one after the other. NOTHING KNOWN (at first, and after the lab went over
 * to another broker) → KNOWN.
 *
 * A look reads offsets and ends one after the other, so an offset is compared with the end of the next look: ends only grow. Where the
 * log itself begins again, its topic was deleted and made again, and what was known of it counts no more.
 */
export function createPositionWatch(now: () => number): (broker: BrokerName, counts: BrokerSnapshot) => Resolution[] {
  let known = new Map<string, Partition>()
  let of: BrokerName | undefined

  return (broker, { queues, partitions = [] }) => {
    if (broker !== of) known = new Map()
    of = broker
    const at = now()
    const wrong = [
      ...partitions.flatMap((state) => wrongOffsets(known.get(keyOf(state)), state)),
      ...wrongDepths(queues),
    ]
    known = new Map(partitions.map((state) => [keyOf(state), partitionOf(state)]))
    return wrong.map((place) => ({ what: 'position', at, ...place }))
  }
}

const keyOf = ({ topic, partition }: PartitionState): string => `${topic}/${partition}`

type Place = { id: string; group: string }

function wrongOffsets(before: Partition | undefined, state: PartitionState): Place[] {
  const begunAgain = before && (state.endOffset < before.endOffset || state.startOffset < before.startOffset)
  if (!before || begunAgain) return []
  return state.groups.flatMap(({ group, committed }) => {
    const last = before.committed.get(group)
    if (last === undefined) return []
    const isBeyond = last > state.endOffset
    const isBack = committed !== null && committed < last
    const place = (offset: number): Place => ({ id: `${keyOf(state)}@${offset}`, group })
    return [...(isBeyond ? [place(last)] : []), ...(isBack ? [place(committed)] : [])]
  })
}

function wrongDepths(queues: readonly QueueDepth[]): Place[] {
  return queues.flatMap(({ group, ...depths }) =>
    Object.entries(depths).flatMap(([what, depth]) =>
      Number.isSafeInteger(depth) && depth >= 0 ? [] : [{ id: `${what}@${depth}`, group }],
    ),
  )
}

const partitionOf = ({ startOffset, endOffset, groups }: PartitionState): Partition => ({
  startOffset,
  endOffset,
  committed: new Map(
    groups.flatMap(({ group, committed }) => (committed === null ? [] : [[group, committed] as const])),
  ),
})
