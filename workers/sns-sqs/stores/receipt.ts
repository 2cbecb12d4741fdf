/** What a receipt handle names: the queue by number, the message by its key, which of its deliveries it was, and when. */
export interface Receipt {
  queue: number
  key: number
  receiveCount: number
  /** Epoch milliseconds; absent in receipts of an older version. */
  receivedAt?: number
}

const pattern = /^FL-([0-9a-z]{1,11})-([0-9a-z]{1,11})-([0-9a-z]{1,7})(?:-([0-9a-z]{1,10}))?$/

/** Receipts carry all they need, so that one stays good when the process behind it was killed and started again. */
export const formatReceipt = (queue: number, key: number, receiveCount: number, receivedAt: number): string =>
  `FL-${queue.toString(36)}-${key.toString(36)}-${receiveCount.toString(36)}-${receivedAt.toString(36)}`

/** Undefined where the text was never a receipt. */
export function parseReceipt(text: string): Receipt | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, queue = '', key = '', receiveCount = '', receivedAt] = match
  return {
    queue: Number.parseInt(queue, 36),
    key: Number.parseInt(key, 36),
    receiveCount: Number.parseInt(receiveCount, 36),
    ...(receivedAt === undefined ? {} : { receivedAt: Number.parseInt(receivedAt, 36) }),
  }
}
