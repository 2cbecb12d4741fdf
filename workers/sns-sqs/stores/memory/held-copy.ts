import type { ReceiptOutcome } from '../queue-store.ts'
import { parseReceipt } from '../receipt.ts'
import type { QueuedCopy } from './copy.ts'
import type { MemoryQueue } from './memory-queue.ts'

/** The message that a receipt is good for, or why it is not. `older`: that of a standard queue may be any that was given out. */
export function heldBy(
  queue: MemoryQueue,
  text: string,
  now: number,
  older = false,
): QueuedCopy | Exclude<ReceiptOutcome, 'done'> {
  const receipt = parseReceipt(text)
  if (receipt === undefined || receipt.queue !== queue.number) return 'invalid'
  const copy = queue.copies.get(receipt.key)
  if (copy === undefined) return 'gone'
  // A higher count than known is one whose receive was forgotten by a crash: still the latest.
  const superseded = receipt.receiveCount < copy.receiveCount
  if (queue.once === undefined) return superseded && !older ? 'superseded' : copy
  return superseded || copy.place === 'ready' || copy.visibleAt <= now ? 'expired' : copy
}
