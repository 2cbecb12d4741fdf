/** What a receipt handle names: the queue by number, the message by its key, which of its deliveries it was, and when. */
export interface Receipt {
  queue: number
  key: number
  receiveCount: number
  /** Epoch milliseconds; absent in receipts of an older version. */
  receivedAt?: number
}

const radix = 36
const prefix = 'FL-'

/**
 * Receipts of one receive. They carry all they need, so that one stays good when the process behind it was killed and started again.
 */
export function receiptsOf(queue: number, receivedAt: number): (key: number, receiveCount: number) => string {
  const head = `${prefix}${queue.toString(radix)}-`
  const tail = `-${receivedAt.toString(radix)}`
  return (key, receiveCount) => `${head}${key.toString(radix)}-${receiveCount.toString(radix)}${tail}`
}

/** Digits that a part may have: of the queue's number, the key, the count, the time. */
const mostDigits = [11, 11, 7, 10]

/** Undefined if the text was never a receipt. Read by hand: a pattern takes ten times as long, and this is done for each message that is deleted. */
export function parseReceipt(text: string): Receipt | undefined {
  if (!text.startsWith(prefix)) return undefined
  const parts: number[] = []
  let value = 0
  let digits = 0
  // Asked for once: texts of requests come in many forms, of which each read has to find out.
  const { length } = text
  for (let at = prefix.length; at <= length; at++) {
    const digit = at === length ? -1 : digitOf(text.charCodeAt(at))
    if (digit >= 0) {
      value = value * radix + digit
      digits++
      continue
    }
    const isEnd = at === length || text.charCodeAt(at) === dash
    if (!isEnd || digits === 0 || digits > (mostDigits[parts.length] ?? 0)) return undefined
    parts.push(value)
    value = 0
    digits = 0
  }
  const [queue, key, receiveCount, receivedAt] = parts
  if (queue === undefined || key === undefined || receiveCount === undefined) return undefined
  return receivedAt === undefined ? { queue, key, receiveCount } : { queue, key, receiveCount, receivedAt }
}

const dash = 45

/** The value of a digit from 0 to 9 and a to z; negative if it is none. */
function digitOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  return unit >= 97 && unit <= 122 ? unit - 87 : -1
}
