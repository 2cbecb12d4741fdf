import { type BitPlane, chunkSize, clearBit, hasBit, newPlanes, setBit } from './bit-plane.ts'

export const publishPlanes = [
  'attempted',
  'acked',
  'failed',
  'indeterminate',
  'recovered',
  'absent',
  'phantom',
  'final',
] as const
export type PublishPlane = (typeof publishPlanes)[number]
export const groupPlaneNames = ['owed', 'delivered', 'deadLettered', 'lost', 'effect'] as const
export type GroupPlane = (typeof groupPlaneNames)[number]

/** What one group was owed and what became of it, one bit a message. Both settled bits: delivered and dead-lettered. */
export type GroupPlanes = Record<GroupPlane, BitPlane>

/** The bits of up to 1,024 consecutive messages of a sequence. */
export interface SequenceChunk extends Record<PublishPlane, BitPlane> {
  groups: Map<string, GroupPlanes>
  attemptedCount: number
  /** Messages of which nothing is open: not sent, or held by the broker and settled by every group that it is owed to. */
  finalCount: number
  /** Highest index attempted so far; -1 without any. */
  highest: number
  /** Bits that may still be taken back (dead letters, lost and absent ones): they keep the chunk. */
  pinned: number
}

/** A chunk whose first `finalBefore` messages are final already. */
export function newChunk(finalBefore: number): SequenceChunk {
  const chunk: SequenceChunk = {
    ...newPlanes(publishPlanes),
    groups: new Map(),
    attemptedCount: finalBefore,
    finalCount: finalBefore,
    highest: finalBefore - 1,
    pinned: 0,
  }
  for (let index = 0; index < finalBefore; index += 1) {
    setBit(chunk.attempted, index)
    setBit(chunk.final, index)
  }
  return chunk
}

export const newGroupPlanes = (): GroupPlanes => newPlanes(groupPlaneNames)

export function groupPlanes(chunk: SequenceChunk, group: string): GroupPlanes {
  let planes = chunk.groups.get(group)
  if (!planes) {
    planes = newGroupPlanes()
    chunk.groups.set(group, planes)
  }
  return planes
}

/** Whether the broker is known to have it. */
export const isAcceptedBit = (chunk: SequenceChunk, index: number): boolean =>
  hasBit(chunk.acked, index) || hasBit(chunk.recovered, index)

/** Whether the group is owed the message and has not settled it. */
export const isOpenBit = ({ owed, delivered, deadLettered, lost }: GroupPlanes, index: number): boolean =>
  hasBit(owed, index) && !hasBit(delivered, index) && !hasBit(deadLettered, index) && !hasBit(lost, index)

/** Marks a message final if nothing about it is open; true if it became final now. */
export function markFinal(chunk: SequenceChunk, index: number): boolean {
  if (!hasBit(chunk.attempted, index)) return false
  if (!isAcceptedBit(chunk, index) && !hasBit(chunk.failed, index) && !hasBit(chunk.absent, index)) return false
  for (const planes of chunk.groups.values()) if (isOpenBit(planes, index)) return false
  if (!setBit(chunk.final, index)) return false
  chunk.finalCount += 1
  return true
}

/** Something about the message is open again. */
export function reopen(chunk: SequenceChunk, index: number): void {
  if (clearBit(chunk.final, index)) chunk.finalCount -= 1
}

/** Whether all 1,024 messages are final for good; in a sequence that has ended, whether all that were heard of are. */
export const isComplete = (chunk: SequenceChunk, sequenceEnded: boolean): boolean =>
  chunk.pinned === 0 &&
  (chunk.finalCount === chunkSize ||
    (sequenceEnded &&
      chunk.finalCount === chunk.attemptedCount &&
      chunk.attemptedCount === chunk.highest + 1 &&
      !hasUnattempted(chunk)))

/** Whether a consumer spoke of a message whose publish was never reported. */
function hasUnattempted({ groups, attempted }: SequenceChunk): boolean {
  for (const { owed } of groups.values()) {
    for (let word = 0; word < owed.length; word += 1) {
      if (((owed[word] ?? 0) & ~(attempted[word] ?? 0)) !== 0) return true
    }
  }
  return false
}
