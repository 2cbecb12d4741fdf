/** A form-encoded request as a tree: `Entries.member.1.Id` becomes `{Entries: {member: {1: {Id}}}}`. No prototypes. */
export interface FormNode {
  [key: string]: FormNode | string | undefined
}

/** Deeper keys than any action has are refused as unreadable. */
const maximumDepth = 12
const maximumPairs = 5_000

const usualScratch = 65_536
const keptScratch = 1_048_576
let scratch = Buffer.allocUnsafe(usualScratch)
/** Bounds of what is kept of keys: under a megabyte, whatever clients send. */
const longestKnownKey = 100
const mostKnownKeys = 2_000
/** Keys repeat from request to request; each is split once. */
const knownKeys = new Map<string, readonly string[]>()

/** Undefined if the bytes are no form, or one that no action could have. */
export function parseForm(bytes: Buffer): FormNode | undefined {
  if (scratch.length < bytes.length || scratch.length > keptScratch) {
    scratch = Buffer.allocUnsafe(Math.max(bytes.length, usualScratch))
  }
  const root = newNode()
  let pairs = 0
  let start = 0
  while (start < bytes.length) {
    let end = bytes.indexOf(38 /* & */, start)
    if (end === -1) end = bytes.length
    let equals = bytes.indexOf(61 /* = */, start)
    if (equals === -1 || equals > end) equals = end
    const path = pathOf(decode(bytes, start, equals))
    if (end === start) {
      start = end + 1
      continue
    }
    if (++pairs > maximumPairs || path.length > maximumDepth) return undefined
    if (!put(root, path, equals === end ? '' : decode(bytes, equals + 1, end))) return undefined
    start = end + 1
  }
  return root
}

const newNode = (): FormNode => Object.create(null) as FormNode

function pathOf(key: string): readonly string[] {
  let path = knownKeys.get(key)
  if (path === undefined) {
    path = key.split('.')
    if (key.length > longestKnownKey) return path
    if (knownKeys.size >= mostKnownKeys) knownKeys.clear()
    knownKeys.set(key, path)
  }
  return path
}

/** False if a key is both a value and a branch. */
function put(root: FormNode, path: readonly string[], value: string): boolean {
  let node = root
  const last = path.length - 1
  for (let depth = 0; depth < last; depth++) {
    const key = path[depth] ?? ''
    const next = node[key]
    if (typeof next === 'string') return false
    if (next === undefined) {
      const created = newNode()
      node[key] = created
      node = created
    } else node = next
  }
  const key = path[last] ?? ''
  if (typeof node[key] === 'object') return false
  node[key] = value
  return true
}

/** 1 for bytes that mean themselves: ASCII but `%` and `+`. */
const isPlain = new Uint8Array(256).fill(1, 0, 128)
isPlain[37] = 0
isPlain[43] = 0

/** Percent and plus decoding by bytes: several times faster than decodeURIComponent on JSON texts. */
function decode(bytes: Buffer, start: number, end: number): string {
  let plain = start
  while (plain < end && isPlain[bytes[plain] ?? 0] === 1) plain++
  if (plain === end) return bytes.toString('latin1', start, end)
  let length = 0
  let ascii = true
  for (let index = start; index < end; index++) {
    let byte = bytes[index] ?? 0
    if (byte === 43 /* + */) byte = 32
    else if (byte === 37 /* % */ && index + 2 < end) {
      const high = nibble(bytes[index + 1] ?? 0)
      const low = nibble(bytes[index + 2] ?? 0)
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low
        index += 2
      }
    }
    if (byte > 127) ascii = false
    scratch[length++] = byte
  }
  return ascii ? scratch.toString('latin1', 0, length) : scratch.toString('utf8', 0, length)
}

function nibble(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  if (byte >= 65 && byte <= 70) return byte - 55
  if (byte >= 97 && byte <= 102) return byte - 87
  return -1
}
