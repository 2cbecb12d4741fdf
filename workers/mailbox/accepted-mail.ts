import { domainToASCII } from 'node:url'
import type { SMTPServerSession } from 'smtp-server'
import { decodeWords, readHeaders } from './mail-headers.ts'
import type { AcceptedMail } from './mail-store.ts'

/** Characters of a header that are kept beside the mail itself, for lists. RFC 5322, 2.1.1, gives a line 998. */
const longestText = 998
/** PostgreSQL's index takes about 2,700 bytes. An identity of the lab has less than 200 characters. */
const longestMessageId = 500

/** A mail as it is stored: what lists show of it, read from its head and from the envelope, and its source. */
export function acceptedMail(
  source: Buffer<ArrayBuffer>,
  { envelope }: Pick<SMTPServerSession, 'envelope'>,
): AcceptedMail {
  const headers = readHeaders(source)
  const header = (name: string): string | undefined => {
    const value = headers.get(name)
    return value === undefined ? undefined : decodeWords(value)
  }
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address
  const messageId = header('x-faultline-message')
  return {
    // One that is longer is of nobody here, and would be found under no name.
    messageId: messageId === undefined || messageId.length > longestMessageId ? null : messageId,
    smtpMessageId: headers.get('message-id')?.slice(0, longestText) ?? null,
    from: cut(sender === '' ? (header('from') ?? '') : asSent(sender)),
    to: envelope.rcptTo.map(({ address }) => asSent(address)).join(', '),
    subject: cut(header('subject') ?? ''),
    source,
  }
}

/** The last character goes as well, of which only half may be there. */
function cut(text: string): string {
  return text.length <= longestText ? text : `${[...text.slice(0, longestText)].slice(0, -1).join('')}…`
}

/** The server gives a domain of `xn--` labels in its own script; the envelope had the labels. */
function asSent(address: string): string {
  const at = address.lastIndexOf('@')
  const labels = address.slice(at + 1).split('.')
  const ascii = labels.map((label) => (/[^\p{ASCII}]/u.test(label) ? domainToASCII(label) || label : label))
  return `${address.slice(0, at + 1)}${ascii.join('.')}`
}
