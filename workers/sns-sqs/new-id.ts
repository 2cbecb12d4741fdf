import { randomFillSync } from 'node:crypto'

const many = 512
const length = 36
const digits = Buffer.from('0123456789abcdef')
const random = Buffer.allocUnsafe(many * 16)
const texts = Buffer.allocUnsafe(many * length)
let next = many

/**
 * A new UUID of version 4. Made many at a time and each cut out whole: one that is put together from its parts takes as much memory as a small
 * message until somebody reads it.
 */
export function newId(): string {
  if (next === many) makeMore()
  const start = next++ * length
  return texts.toString('latin1', start, start + length)
}

function makeMore(): void {
  randomFillSync(random)
  let to = 0
  for (let from = 0; from < random.length; from++) {
    const place = from % 16
    if (place === 4 || place === 6 || place === 8 || place === 10) texts[to++] = 45 /* - */
    const given = random[from] ?? 0
    const byte = place === 6 ? (given & 0x0f) | 0x40 : place === 8 ? (given & 0x3f) | 0x80 : given
    texts[to++] = digits[byte >> 4] ?? 0
    texts[to++] = digits[byte & 15] ?? 0
  }
  next = 0
}
