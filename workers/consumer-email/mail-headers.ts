import { headerPhrase, headerText } from './header-text.ts'
import type { Letter } from './letter.ts'

/**
 * The Message-ID of a message's mail: the same for every attempt, so that a mail sent twice is seen to be one mail.
 * Characters that have no place left of the `@` (RFC 5322, dot-atom) are written as `=XX`; the colons of an identity as dots.
 */
export function mailMessageId(identity: string): string {
  const local = identity
    .replace(/[^a-zA-Z0-9_:-]/gu, (sign) => [...Buffer.from(sign)].map((byte) => `=${hex(byte)}`).join(''))
    .replaceAll(':', '.')
  return `<${local}@faultline>`
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

/**
 * The headers that hold text of an event, ready for the wire. A value cannot become a header of its own, and a reader gets back what
 * the event says. `List-Id` (RFC 2919) lets a mail program sort by type; the `X-Faultline` headers trace a mail back to its message.
 */
export function mailHeaders(
  event: { id: string; type: string; attempt: number },
  { to, subject }: Pick<Letter, 'to' | 'subject'>,
  from: { name: string; address: string },
): string[] {
  return [
    `From: ${mailbox(from)}`,
    `To: ${mailbox(to)}`,
    // A header without a value is dropped on the way by some.
    ...(subject === '' ? [] : [`Subject: ${headerText(subject)}`]),
    `List-Id: ${headerPhrase(`${event.type} events`)} <${event.type.replace(/[^a-zA-Z0-9-]/g, '-')}.faultline>`,
    `X-Faultline-Message: ${headerText(event.id)}`,
    `X-Faultline-Type: ${headerText(event.type)}`,
    `X-Faultline-Attempt: ${event.attempt}`,
  ]
}

/** The address is not encoded, whatever it is: it has been found to be one. */
const mailbox = ({ name, address }: { name?: string; address: string }): string =>
  name === undefined || name === '' ? address : `${headerPhrase(name)}\r\n <${address}>`
