import type { SegmentLog } from '#storage/segment-log/segment-log.ts'

/** Says that a message's text is in this segment now, and no more where it was: a segment is needed while it has one. */
export function adopt(files: SegmentLog, message: { segment: number }, segment: number): void {
  release(files, message)
  message.segment = segment
  files.retain(segment)
}

/** Nobody is interested in the message any more. */
export function release(files: SegmentLog, message: { segment: number }): void {
  if (message.segment !== 0) files.release(message.segment)
  message.segment = 0
}
