import { describe, expect, it } from 'vitest'
import { decodeWords, readHeaders } from './mail-headers.ts'

const read = (...lines: string[]) => readHeaders(Buffer.from(lines.join('\r\n')))

describe('readHeaders', () => {
  it('joins folded lines, ignores case and keeps the first of a repeated field', () => {
    const headers = read('Subject: one', '  two', 'SUBJECT: later', 'X-Faultline-Message: a:b', '', 'Subject: body')
    expect(headers.get('subject')).toBe('one two')
    expect(headers.get('x-faultline-message')).toBe('a:b')
  })

  it('reads a message with bare line feeds, one without a body, and one that is not a message', () => {
    expect(readHeaders(Buffer.from('To: a\n\nTo: b')).get('to')).toBe('a')
    expect(read('To: a').get('to')).toBe('a')
    expect(readHeaders(Buffer.from('\u0000\u0001 nothing')).size).toBe(0)
  })

  it('leaves NUL out, which a database column of text cannot hold', () => {
    expect(read('Subject: a\u0000b').get('subject')).toBe('ab')
  })
})

describe('decodeWords', () => {
  it.each([
    ['plain', 'plain'],
    ['=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=', 'Grüße an alle'],
    ['=?utf-8?b?8J+Oiw==?= now', '🎋 now'],
    ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['=?utf-8?Q?=C3?=  =?utf-8?Q?=BC?=', 'ü'],
    ['=?iso-8859-1*de?Q?=FC?=', 'ü'],
    ['=?unknown-set?Q?abc?=', 'abc'],
    ['=?broken', '=?broken'],
  ])('reads %s', (written, meant) => {
    expect(decodeWords(written)).toBe(meant)
  })
})
