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

export function unpackMessage(seq: number, packed: string): StoredMessage {
  const end = packed.indexOf(';')
  const [sentAt = 0, ...lengths] = packed.slice(0, end).split(',').map(Number)
  let at = end + 1
  const next = (length = 0): string => {
    at += length
    return packed.slice(at - length, at)
  }
  const groupId = next(lengths[6])
  const deduplicationId = next(lengths[5])
  const [id = '', attributes = '', md5OfBody = '', md5OfAttributes = '', traceHeader = ''] = lengths
    .slice(0, 5)
    .map(next)
  const body = packed.slice(at)
  return {
    ...{ seq, id, body, plain: false, attributes, md5OfBody, md5OfAttributes },
    ...{ traceHeader, groupId, deduplicationId, sentAt },
  }
}
