import type { NewMessage, StoredMessage } from '../queue-store.ts'

/**
 * A message as one text: when it was sent, the lengths of its parts, the parts. The script puts the time in front, which
 * is why a packed text begins with a comma. JSON would escape and parse every body again. The last length is that of
 * the group, which is the first of the parts: scripts read it, and it is ASCII. Without group and deduplication id both
 * their lengths are left out.
 */
export function packMessage(message: NewMessage): string {
  const { id, body, attributes, md5OfBody, md5OfAttributes, traceHeader, groupId, deduplicationId } = message
  const lengths = `${id.length},${attributes.length},${md5OfBody.length},${md5OfAttributes.length},${traceHeader.length}`
  if (groupId !== '' || deduplicationId !== '') {
    const parts = `${groupId}${deduplicationId}${id}${attributes}${md5OfBody}${md5OfAttributes}${traceHeader}${body}`
    return `,${lengths},${deduplicationId.length},${groupId.length};${parts}`
  }
  return `,${lengths};${id}${attributes}${md5OfBody}${md5OfAttributes}${traceHeader}${body}`
}

/** Field by field and without lists of the parts: spread into one object they took longer than all else about a message that is received. */
export function unpackMessage(seq: number, packed: string): StoredMessage {
  const end = packed.indexOf(';')
  const numbers = numbersBefore(packed, end)
  const groupAt = end + 1
  const deduplicationAt = groupAt + (numbers[7] ?? 0)
  const idAt = deduplicationAt + (numbers[6] ?? 0)
  const attributesAt = idAt + (numbers[1] ?? 0)
  const md5OfBodyAt = attributesAt + (numbers[2] ?? 0)
  const md5OfAttributesAt = md5OfBodyAt + (numbers[3] ?? 0)
  const traceAt = md5OfAttributesAt + (numbers[4] ?? 0)
  const bodyAt = traceAt + (numbers[5] ?? 0)
  return {
    seq,
    id: packed.slice(idAt, attributesAt),
    body: packed.slice(bodyAt),
    plain: false,
    attributes: packed.slice(attributesAt, md5OfBodyAt),
    md5OfBody: packed.slice(md5OfBodyAt, md5OfAttributesAt),
    md5OfAttributes: packed.slice(md5OfAttributesAt, traceAt),
    traceHeader: packed.slice(traceAt, bodyAt),
    groupId: packed.slice(groupAt, deduplicationAt),
    deduplicationId: packed.slice(deduplicationAt, idAt),
    sentAt: numbers[0] ?? 0,
  }
}

/** The whole numbers before `end`, each of which ends with a comma or there. */
function numbersBefore(packed: string, end: number): number[] {
  const numbers: number[] = []
  let value = 0
  for (let at = 0; at <= end; at++) {
    const digit = packed.charCodeAt(at) - zero
    if (digit >= 0 && digit <= 9) value = value * 10 + digit
    else {
      numbers.push(value)
      value = 0
    }
  }
  return numbers
}

/** The unit of the digit 0. */
const zero = 48
