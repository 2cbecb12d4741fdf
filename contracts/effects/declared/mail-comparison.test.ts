import { expect, test } from 'vitest'
import { compareMail, expectedMail, type StoredMail } from './mail-comparison.ts'

const event = {
  id: 'producer-1:1:user_signup:1',
  type: 'user_signup',
  body: '{"email":"ada@example.com","name":"Ada <Lovelace>"}',
}
const stored: StoredMail = {
  envelope: ['ada@example.com'],
  to: [{ address: 'ada@example.com', name: 'Ada <Lovelace>' }],
  subject: 'Welcome, Ada <Lovelace>',
  text: 'Welcome, Ada <Lovelace>!\n\nYour account for ada@example.com is ready.\n',
  html: `<!doctype html><title>Welcome, Ada &lt;Lovelace&gt;</title><h1 style="x">Welcome, Ada &lt;Lovelace&gt;</h1>
    <p>Your account for <strong>ada@example.com</strong> is ready.</p><p>Sent by Faultline's consumer-email.</p>`,
}
const fields = (mail: StoredMail, of = event) =>
  compareMail(of, mail).map(({ field, expected, actual }) => [field, expected, actual])

test('a mail that says what its event says has no difference', () => {
  expect(fields(stored)).toEqual([])
})

const stranger = 'eve@evil.example'
test.each<[string, Partial<StoredMail>, string[][]]>([
  ['a stranger as recipient', { envelope: [stranger] }, [['recipient', 'ada@example.com', stranger]]],
  [
    'a second recipient',
    { envelope: ['ada@example.com', stranger] },
    [['recipient', 'ada@example.com', `ada@example.com, ${stranger}`]],
  ],
  ['no recipient', { envelope: [] }, [['recipient', 'ada@example.com', '']]],
  [
    'a stranger in its head',
    { to: [{ address: stranger, name: 'Ada <Lovelace>' }] },
    [['to', 'ada@example.com', stranger]],
  ],
  ['another name', { to: [{ address: 'ada@example.com', name: 'Ada' }] }, [['name', 'Ada <Lovelace>', 'Ada']]],
  ['an altered subject', { subject: 'Welcome, Evil' }, [['subject', 'Welcome, Ada <Lovelace>', 'Welcome, Evil']]],
  [
    'an altered text',
    { text: 'x' },
    [['text', 'Welcome, Ada <Lovelace>!\n\nYour account for ada@example.com is ready.\n', 'x']],
  ],
  [
    'an altered piece of HTML',
    { html: stored.html.replace('<strong>ada@', '<strong>eve@') },
    [['html[3]', 'ada@example.com', 'eve@example.com']],
  ],
  ['a piece of HTML too many', { html: `${stored.html}<p>and more</p>` }, [['html[6]', 'none', 'and more']]],
  [
    'HTML that was not escaped',
    { html: stored.html.replace('<h1 style="x">Welcome, Ada &lt;Lovelace&gt;', '<h1>Welcome, Ada <Lovelace>') },
    [['html[1]', 'Welcome, Ada <Lovelace>', 'Welcome, Ada']],
  ],
])('%s is named with both values', (_, change, differences) => {
  expect(fields({ ...stored, ...change })).toEqual(differences)
})

test('an event without an address goes to the desk, one with something else to nobody', () => {
  const of = (body: string, type = 'custom') => expectedMail({ id: 'p', type, body }).to
  expect(of('{}')).toBe('events@example.com')
  expect(of('{"email":null}')).toBe('events@example.com')
  expect(of('{"email":["a@b.c"]}')).toBeUndefined()
  expect(of('{"email":"A@EXAMPLE.com"}')).toBe('A@EXAMPLE.com')
  expect(of('{"orderId":"o","reason":"r"}', 'payment_failed')).toBe('orders@example.com')
  expect(fields({ ...stored, envelope: ['7'] }, { ...event, body: '{"email":7}' })[0]).toEqual([
    'recipient',
    'no mail, since 7 is not an address',
    '7',
  ])
})

test('a template is filled with the digits of the body, and never grows beyond a letter', () => {
  const body = '{"id":820000000000000508,"in":{"deep":[1e3]},"nothing":null,"big":"'.concat('x'.repeat(200_000), '"}')
  const of = (template: { subject: string; body: string }) => expectedMail({ id: 'p', type: 'custom', body }, template)
  const mail = of({
    subject: '{{ data.id }}',
    body: '[{{data.in}}][{{data.in.deep.0}}][{{data.nothing}}][{{data.none}}] {{id}} {{{type}}}',
  })
  expect(mail).toMatchObject({ subject: '820000000000000508', text: '[{"deep":[1e3]}][1e3][][] p {custom}' })
  expect(of({ subject: 's', body: '{{data.big}}'.repeat(1_600) }).text.length).toBeLessThan(300_000)
})
