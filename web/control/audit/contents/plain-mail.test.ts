import { expect, test } from 'vitest'
import { readWholeMail } from './compare-mails.ts'
import { readPlainMail } from './plain-mail.ts'

/** A mail of two parts, with other header lines and another text part where a test says so. */
const mail = (
  headers: string[],
  text = ['Content-Type: text/plain; charset=utf-8', '', 'Hello', ''],
  type = 'multipart/alternative;\r\n boundary="--_b-1"',
) => {
  const html = [
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    'PHA+SGVsbG8g4pyTPC9wPg==',
  ]
  const lines = [
    ...headers,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    '',
    '----_b-1',
    ...text,
    '----_b-1',
    ...html,
    '----_b-1--',
    '',
  ]
  return { to: 'ada@example.com', source: Buffer.from(lines.join('\r\n')) }
}
const to = 'To: ada@example.com'

test.each([
  ['an address alone', mail([to, 'Subject: Hello'])],
  ['a quoted name', mail(['To: "Lovelace, \\"Ada\\"" <ada@example.com>', 'Subject:  two  spaces'])],
  [
    'encoded words that are folded and cut in a character',
    mail([
      'To: =?UTF-8?Q?Zo=C3=AB=2C_with_a_long_na?=\r\n =?UTF-8?B?bWU=?=\r\n <ada@example.com>',
      'Subject: =?utf-8?B?8J+a?= =?utf-8?B?gCE=?=',
    ]),
  ],
  ['no subject', mail([to])],
  [
    'quoted-printable with soft line breaks',
    mail(
      [to, 'Subject: x'],
      [
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '=C3=BC =3D soft=',
        ' break',
        '',
        'end',
        '',
      ],
    ),
  ],
  [
    'a text of lines alone',
    mail([to, 'Subject: x'], ['Content-Type: text/plain; charset=utf-8', '', 'a', '', '', 'b', '']),
  ],
])('%s is read as a whole parser reads it', async (_, source) => {
  expect(readPlainMail(source)).toEqual(await readWholeMail(source))
})

test.each([
  ['two recipients in its head', mail(['To: a@example.com, b@example.com'])],
  ['another charset', mail([to], ['Content-Type: text/plain; charset=latin1', '', 'x', ''])],
  ['another form', mail([to], undefined, 'multipart/mixed; boundary="--_b-1"')],
  ['no mail at all', { to: 'a@example.com', source: Buffer.from('no mail') }],
])('%s is left to a whole parser', (_, source) => {
  expect(readPlainMail(source)).toBeUndefined()
})
