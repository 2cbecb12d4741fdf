/** The few shapes of ASN.1 (DER) that an X.509 certificate is made of. */

/** One value: its tag, its length, its content. */
export function der(tag: number, ...content: Buffer[]): Buffer {
  const inside = Buffer.concat(content)
  const { length } = inside
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), inside])
}

export const derSequence = (...content: Buffer[]): Buffer => der(0x30, ...content)
export const set = (...content: Buffer[]): Buffer => der(0x31, ...content)
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text))
export const derNull = (): Buffer => der(0x05)
export const octets = (content: Buffer): Buffer => der(0x04, content)
export const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content)
export const yes = (): Buffer => der(0x01, Buffer.from([0xff]))

/** A whole number given as bytes, the highest first; a leading 0 keeps it positive. */
export const derInteger = (bytes: Buffer): Buffer =>
  der(0x02, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)

/** An object identifier such as `1.2.840.113549.1.1.11`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

/** A moment until 2049, in UTC. */
export const utcTime = (at: Date): Buffer =>
  der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
