import { encode, wrap } from 'nodemailer/lib/qp'

/** Characters that 7bit, RFC 2045, 2.7, has not, and what could be taken for a boundary. */
const notPlain = /[^\t\n\x20-\x7e]|=_/
/** Of a line without its break, RFC 5321, 4.5.3.1.6. */
const longestLine = 998
/** No part holds `=_`: RFC 2045, 6.7, advises it. */
const boundary = '=_faultline'

/** A text and the same as HTML, with whatever line breaks. */
export interface MailParts {
  text: string
  html: string
}

/**
 * A whole mail as it goes over the wire, before dots are doubled: RFC 5322 with both parts as alternatives, RFC 2046, 5.1.4. `head` are
 * its header lines but for those of date and content.
 */
export function mailSource(head: readonly string[], { text, html }: MailParts): Buffer {
  const lines = [
    ...head,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...part('text/plain', text),
    ...part('text/html', html),
    `--${boundary}--`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

function part(type: string, content: string): string[] {
  // SMTP has one kind of line break; each of the others becomes one.
  const text = content.replace(/\r\n?/g, '\n')
  const isPlain = !notPlain.test(text) && !hasLongLine(text)
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'quoted-printable'}`,
    '',
    isPlain ? text.replaceAll('\n', '\r\n') : wrap(encode(text.replaceAll('\n', '\r\n'))),
  ]
}

function hasLongLine(text: string): boolean {
  for (let from = 0; from + longestLine < text.length; ) {
    const end = text.lastIndexOf('\n', from + longestLine)
    if (end < from) return true
    from = end + 1
  }
  return false
}
