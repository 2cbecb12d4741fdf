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

/** Headers that let a mail be traced back to its message. `List-Id` (RFC 2919) lets a mail program sort by type. */
export function traceHeaders(event: { id: string; type: string; attempt: number }): Record<string, string> {
  return {
    'List-Id': `${printable(event.type)} events <${event.type.replace(/[^a-zA-Z0-9-]/g, '-')}.faultline>`,
    'X-Faultline-Message': printable(event.id),
    'X-Faultline-Type': printable(event.type),
    'X-Faultline-Attempt': String(event.attempt),
  }
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

/** No control character, so no line break: a value cannot become a header of its own. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
