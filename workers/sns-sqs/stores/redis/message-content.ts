import type { NewMessage, StoredMessage } from '../queue-store.ts'

/**
 * A message as one text: when it was sent, the lengths of its parts, the parts. The script puts the time in front, which
 * is why a packed text begins with a comma. JSON would escape and parse every body again.
 */
export function packMessage(message: NewMessage): string {
  const { id, body, attributes, md5OfBody, md5OfAttributes, traceHeader } = message
  const lengths = `${id.length},${attributes.length},${md5OfBody.length},${md5OfAttributes.length},${traceHeader.length}`
  return `,${lengths};${id}${attributes}${md5OfBody}${md5OfAttributes}${traceHeader}${body}`
}

export function unpackMessage(seq: number, packed: string): StoredMessage {
  const end = packed.indexOf(';')
  const [sentAt = 0, ...lengths] = packed.slice(0, end).split(',').map(Number)
  let at = end + 1
  const [id = '', attributes = '', md5OfBody = '', md5OfAttributes = '', traceHeader = ''] = lengths.map((length) => {
    at += length
    return packed.slice(at - length, at)
  })
  return { seq, id, body: packed.slice(at), attributes, md5OfBody, md5OfAttributes, traceHeader, sentAt }
}
