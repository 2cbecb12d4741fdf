import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { type BitPlane, chunkSize, planeWords } from './bit-plane.ts'
import type { BurstTalliesState } from './burst-tallies.ts'
import type { GroupCounts, PublishCounts } from './counters.ts'
import type { EmissionsState } from './emissions.ts'
import type { Ledger } from './ledger.ts'
import { PlaneArchive } from './plane-archive.ts'
import { Sequence } from './sequence.ts'
import { groupPlaneNames, newChunk, newGroupPlanes, publishPlanes, type SequenceChunk } from './sequence-chunk.ts'

interface ChunkState {
  number: number
  attemptedCount: number
  finalCount: number
  highest: number
  pinned: number
  groups: string[]
  /** The planes of publishes and then of each group, one after the other. */
  words: Uint32Array
}

type ArchiveState = ReturnType<PlaneArchive['state']>

/** The ledger as plain data, for a checkpoint. */
export interface LedgerState {
  /** Named as the first checkpoints named it: what is on disk keeps its names. */
  lanes: {
    producer: string
    epoch: number
    topic: string
    /** Absent in checkpoints from before there was a choice. */
    broker?: BrokerName
    ended: boolean
    watermark: number
    completed: number[]
    chunks: ChunkState[]
    failed: ArchiveState
    effects: [group: string, ArchiveState][]
    /** Absent if effects were noted from the start. */
    untold?: number
    /** Absent in checkpoints from before they were looked for. */
    unsent?: number[]
    toldUntil?: [chunk: number, at: number][]
    handedOut: [place: string, seq: number][]
    /** Absent in checkpoints from before events had causes. */
    emitted?: [key: string, ArchiveState][]
  }[]
  epochs: [producer: string, epoch: number][]
  unnamedDeadLetters: [place: string, count: number][]
  redriving: string[]
  /** Absent in checkpoints from before events had causes. */
  emissions?: EmissionsState
  doubled: string[]
  /** Absent in checkpoints of former versions. */
  foundOnly?: string[]
  found?: string[]
  impossible?: string[]
  excused?: string[]
  bursts?: BurstTalliesState
  actedAgain?: [key: string, times: number][]
  publishes: [topic: string, type: string, PublishCounts][]
  groups: [topic: string, group: string, GroupCounts][]
}

export function ledgerState(ledger: Ledger): LedgerState {
  return {
    lanes: [...ledger.sequences()].map(
      ({
        producer,
        epoch,
        topic,
        broker,
        ended,
        watermark,
        completed,
        chunks,
        failed,
        effects,
        unreported: untold,
        unsent,
        reportedUntil: toldUntil,
        handedOut,
        emitted,
      }) => ({
        producer,
        epoch,
        topic,
        broker,
        ended,
        watermark,
        completed: [...completed],
        chunks: [...chunks].map(([number, chunk]) => chunkState(number, chunk)),
        failed: failed.state(),
        effects: [...effects].map(([group, archive]) => [group, archive.state()]),
        untold,
        unsent: [...unsent],
        toldUntil: [...toldUntil],
        handedOut: [...handedOut],
        emitted: [...emitted].map(([key, archive]) => [key, archive.state()]),
      }),
    ),
    epochs: ledger.epochs(),
    unnamedDeadLetters: ledger.unnamedDeadLetters.state(),
    redriving: [...ledger.redriving.keys()],
    emissions: ledger.emissions.state(),
    doubled: [...ledger.doubled],
    foundOnly: [...ledger.foundOnly],
    found: [...ledger.found.keys],
    impossible: [...ledger.impossible],
    excused: [...ledger.excused],
    bursts: ledger.bursts.state(),
    actedAgain: [...ledger.actedAgain],
    publishes: [...ledger.publishes.entries()].map(([topic, type, counts]) => [topic, type, { ...counts }]),
    groups: [...ledger.groups.entries()].map(([topic, group, counts]) => [topic, group, { ...counts }]),
  }
}

export function restoreLedger(ledger: Ledger, state: LedgerState): void {
  for (const {
    producer,
    epoch,
    topic,
    broker,
    ended,
    watermark,
    completed,
    chunks,
    failed,
    effects,
    untold = 0,
    unsent = [],
    toldUntil = [],
    handedOut,
    emitted = [],
  } of state.lanes) {
    const sequence = new Sequence(producer, epoch, topic)
    sequence.broker = broker ?? defaultBroker
    sequence.ended = ended
    sequence.watermark = watermark
    sequence.unreported = untold
    for (const number of completed) sequence.completed.add(number)
    for (const chunk of chunks) sequence.chunks.set(chunk.number, restoredChunk(chunk))
    sequence.highest = highestOf(sequence)
    for (const seq of unsent) sequence.unsent.add(seq)
    for (const [number, at] of toldUntil) sequence.reportedUntil.set(number, at)
    sequence.failed.restore(failed)
    for (const [group, archive] of effects) sequence.effectsOf(group).restore(archive)
    for (const [place, seq] of handedOut) sequence.handedOut.set(place, seq)
    for (const [key, archive] of emitted) {
      const plane = new PlaneArchive()
      plane.restore(archive)
      sequence.emitted.set(key, plane)
    }
    ledger.restore(sequence)
  }
  for (const [producer, epoch] of state.epochs) ledger.beginEpoch(producer, epoch)
  ledger.unnamedDeadLetters.restore(state.unnamedDeadLetters)
  // What has happened since is reported after the checkpoint, and so after they were sent.
  for (const key of state.redriving) ledger.redriving.set(key, 0)
  for (const key of state.doubled) ledger.doubled.add(key)
  ledger.emissions.restore(state.emissions ?? [])
  for (const key of state.foundOnly ?? []) ledger.foundOnly.add(key)
  for (const [key, times] of state.actedAgain ?? []) ledger.actedAgain.set(key, times)
  for (const key of state.found ?? []) ledger.found.note(key)
  for (const key of state.excused ?? []) ledger.excused.add(key)
  ledger.bursts.restore(state.bursts, Date.now())
  for (const key of state.impossible ?? []) ledger.impossible.add(key)
  for (const [topic, type, counts] of state.publishes) Object.assign(ledger.publishes.at(topic, type), counts)
  for (const [topic, group, counts] of state.groups) Object.assign(ledger.groups.at(topic, group), counts)
}

function highestOf({ watermark, completed, chunks }: Sequence): number {
  let highest = watermark
  for (const number of completed) highest = Math.max(highest, (number + 1) * chunkSize)
  for (const [number, chunk] of chunks) {
    if (chunk.highest >= 0) highest = Math.max(highest, number * chunkSize + chunk.highest + 1)
  }
  return highest
}

function chunkState(number: number, chunk: SequenceChunk): ChunkState {
  const planes = planesOf(chunk)
  const words = new Uint32Array(planes.length * planeWords)
  for (const [index, plane] of planes.entries()) words.set(plane, index * planeWords)
  const { attemptedCount, finalCount, highest, pinned } = chunk
  return { number, attemptedCount, finalCount, highest, pinned, groups: [...chunk.groups.keys()], words }
}

function restoredChunk({ attemptedCount, finalCount, highest, pinned, groups, words }: ChunkState): SequenceChunk {
  const chunk = newChunk(0)
  Object.assign(chunk, { attemptedCount, finalCount, highest, pinned })
  for (const group of groups) chunk.groups.set(group, newGroupPlanes())
  for (const [index, plane] of planesOf(chunk).entries()) {
    plane.set(words.subarray(index * planeWords, (index + 1) * planeWords))
  }
  return chunk
}

const planesOf = (chunk: SequenceChunk): BitPlane[] => [
  ...publishPlanes.map((name) => chunk[name]),
  ...[...chunk.groups.values()].flatMap((planes) => groupPlaneNames.map((name) => planes[name])),
]
