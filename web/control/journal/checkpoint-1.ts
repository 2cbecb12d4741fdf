import { chunkSize, countBits } from '../ledger/bit-plane.ts'
import { type GroupCounts, newGroupCounts, newPublishCounts, type PublishCounts } from '../ledger/counters.ts'
import type { LedgerState } from '../ledger/ledger-state.ts'
import { groupPlaneNames, publishPlanes } from '../ledger/sequence-chunk.ts'
import type { Checkpoint } from './checkpoint-state.ts'

/** The checkpoint as it was before obligations had states, anomalies and effects of their own. */
export interface CheckpointBefore extends Pick<Checkpoint, 'segment' | 'totals' | 'dedup' | 'missingFrames'> {
  version: 1
  ledger: {
    lanes: (Pick<LedgerState['lanes'][number], 'producer' | 'epoch' | 'topic' | 'ended' | 'watermark' | 'completed'> & {
      chunks: ChunkBefore[]
    })[]
    publishes: [topic: string, type: string, Partial<PublishCounts>][]
    groups: [topic: string, group: string, Partial<GroupCounts>][]
  }
}
type ChunkBefore = Omit<LedgerState['lanes'][number]['chunks'][number], 'pinned'>

const words = chunkSize / 32
const publishPlanesBefore = ['attempted', 'acked', 'failed', 'indeterminate', 'recovered', 'final'] as const
const groupPlanesBefore = ['owed', 'delivered', 'deadLettered'] as const

/** What a checkpoint of the first format says, in the present one. Effects of what was settled before are not known. */
export function fromVersion1({ ledger, ...kept }: CheckpointBefore): Omit<Checkpoint, 'version'> {
  const epochs = new Map<string, number>()
  for (const { producer, epoch } of ledger.lanes) epochs.set(producer, Math.max(epochs.get(producer) ?? 0, epoch))
  return {
    ...kept,
    ledger: {
      lanes: ledger.lanes.map(({ chunks, ...lane }) => ({
        ...lane,
        chunks: chunks.map(chunkNow),
        failed: { full: [], partial: [] },
        effects: [],
        untold: Math.max(lane.watermark, ...lane.completed.map((number) => (number + 1) * chunkSize)),
        handedOut: [],
      })),
      epochs: [...epochs],
      unnamedDeadLetters: [],
      redriving: [],
      doubled: [],
      publishes: ledger.publishes.map(([topic, type, before]) => {
        const counts = { ...newPublishCounts(), ...before }
        counts.open = counts.attempted - counts.acked - counts.failed - counts.indeterminate - counts.recovered
        return [topic, type, counts]
      }),
      groups: ledger.groups.map(([topic, group, before]) => {
        const counts = { ...newGroupCounts(), ...before }
        counts.expected = counts.owed
        counts.parked = counts.deadLettered
        counts.waiting = counts.owed - counts.delivered - counts.deadLettered
        return [topic, group, counts]
      }),
    },
    anomalies: [],
    processes: [],
    gaps: [],
    cutOff: [],
    repeated: [],
  }
}

function chunkNow({ groups, words: before, ...chunk }: ChunkBefore): LedgerState['lanes'][number]['chunks'][number] {
  const planesNow = [...publishPlanes, ...groups.flatMap(() => [...groupPlaneNames])]
  const next = new Uint32Array(planesNow.length * words)
  let pinned = 0
  const copy = (from: number, to: number): void =>
    next.set(before.subarray(from * words, (from + 1) * words), to * words)
  for (const [index, name] of publishPlanesBefore.entries()) {
    copy(index, publishPlanes.indexOf(name))
  }
  for (const group of groups.keys()) {
    const from = publishPlanesBefore.length + group * groupPlanesBefore.length
    const to = publishPlanes.length + group * groupPlaneNames.length
    for (const [index, name] of groupPlanesBefore.entries()) {
      copy(from + index, to + groupPlaneNames.indexOf(name))
    }
    // Until now every delivery counted as one with its effect.
    copy(from + groupPlanesBefore.indexOf('delivered'), to + groupPlaneNames.indexOf('effect'))
    const dead = from + groupPlanesBefore.indexOf('deadLettered')
    pinned += countBits(before.subarray(dead * words, (dead + 1) * words))
  }
  return { ...chunk, groups, words: next, pinned }
}
