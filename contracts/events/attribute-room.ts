import { causeHeaderNames, constantHeaders, sourceOfId } from './envelope.ts'
import { parseIdentity } from './identity.ts'

/** Attributes that a message of SQS has at most; SNS drops those of raw deliveries if there are more. */
export const maxAttributes = 10

/** What the id of an event says as well, in the order in which it gives way. */
const derived: readonly (readonly [name: string, of: (id: string) => string])[] = [
  ['content-type', () => constantHeaders['content-type']],
  ['ce_source', sourceOfId],
  ['ce_specversion', () => constantHeaders.ce_specversion],
]

type Headers = Readonly<Record<string, string>>

/** Whether the lab itself wrote it, as one that another event caused: only such events have more headers than there is room for. */
const isCaused = (headers: Headers): boolean =>
  parseIdentity(headers.ce_id ?? '') !== undefined && causeHeaderNames.some((name) => headers[name] !== undefined)

/**
 * Headers of which at most `room` are left, where what follows from others can make that room: only as many as needed give way, so that a
 * message without some of them has exactly ten attributes. Headers that would not come back as they were stay.
 */
export function packedHeaders(headers: Headers, room = maxAttributes): Record<string, string> {
  const left = { ...headers }
  if (!isCaused(headers)) return left
  for (const [name, of] of derived) {
    if (Object.keys(left).length <= room) break
    if (left[name] === of(headers.ce_id ?? '')) delete left[name]
  }
  return left
}

/** The headers as they were before they were packed; those of every other message as they are. */
export function unpackedHeaders(headers: Headers): Record<string, string> {
  if (Object.keys(headers).length !== maxAttributes || !isCaused(headers)) return { ...headers }
  const all = derived.map(([name, of]) => [name, of(headers.ce_id ?? '')] as const)
  return { ...Object.fromEntries(all), ...headers }
}
