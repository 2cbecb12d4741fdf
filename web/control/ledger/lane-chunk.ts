import { type BitPlane, chunkSize, hasBit, newPlane, setBit } from './bit-plane.ts'

/** What one group was owed and what became of it, one bit a message. */
export interface GroupPlanes {
  owed: BitPlane
  delivered: BitPlane
  deadLettered: BitPlane
}

/** The bits of up to 1,024 consecutive messages of a lane. */
export interface LaneChunk {
  attempted: BitPlane
  acked: BitPlane
  failed: BitPlane
  indeterminate: BitPlane
  recovered: BitPlane
  /** Nothing can change any more: it failed, or the broker has it and every group that it is owed to settled it. */
  final: BitPlane
  groups: Map<string, GroupPlanes>
  attemptedCount: number
  finalCount: number
  /** Highest index attempted so far; -1 without any. */
  highest: number
}

/** A chunk whose first `finalBefore` messages are final already. */
export function newChunk(finalBefore: number): LaneChunk {
  const chunk: LaneChunk = {
    attempted: newPlane(),
    acked: newPlane(),
    failed: newPlane(),
    indeterminate: newPlane(),
    recovered: newPlane(),
    final: newPlane(),
    groups: new Map(),
    attemptedCount: finalBefore,
    finalCount: finalBefore,
    highest: finalBefore - 1,
  }
  for (let index = 0; index < finalBefore; index += 1) {
    setBit(chunk.attempted, index)
    setBit(chunk.final, index)
  }
  return chunk
}

export function groupPlanes(chunk: LaneChunk, group: string): GroupPlanes {
  let planes = chunk.groups.get(group)
  if (!planes) {
    planes = { owed: newPlane(), delivered: newPlane(), deadLettered: newPlane() }
    chunk.groups.set(group, planes)
  }
  return planes
}

/** Marks a message final where nothing about it is open; true where it became final now. */
export function markFinal(chunk: LaneChunk, index: number): boolean {
  if (!hasBit(chunk.attempted, index)) return false
  const taken = hasBit(chunk.acked, index) || hasBit(chunk.recovered, index)
  if (!taken && !hasBit(chunk.failed, index)) return false
  for (const { owed, delivered, deadLettered } of chunk.groups.values()) {
    if (hasBit(owed, index) && !hasBit(delivered, index) && !hasBit(deadLettered, index)) return false
  }
  if (!setBit(chunk.final, index)) return false
  chunk.finalCount += 1
  return true
}

/** Whether all 1,024 messages are final; in a lane that has ended, whether all that were heard of are. */
export const isComplete = (chunk: LaneChunk, laneEnded: boolean): boolean =>
  chunk.finalCount === chunkSize ||
  (laneEnded &&
    chunk.finalCount === chunk.attemptedCount &&
    chunk.attemptedCount === chunk.highest + 1 &&
    !hasUnattempted(chunk))

/** Whether a consumer spoke of a message whose publish was never told of. */
function hasUnattempted({ groups, attempted }: LaneChunk): boolean {
  for (const { owed } of groups.values()) {
    for (const [index, word] of owed.entries()) if ((word & ~(attempted[index] ?? 0)) !== 0) return true
  }
  return false
}
