import { expect, it } from 'vitest'
import { createRedactor, hiddenSecret, redactForms } from './secrets.ts'

it.each([
  ['postgresql://faultline:hunter2@127.0.0.1:5432/x', `postgresql://faultline:${hiddenSecret}@127.0.0.1:5432/x`],
  ['{"url":"redis://:a@b@h:1"}', `{"url":"redis://:${hiddenSecret}@h:1"}`],
  ['GET /?token=abc&x=1', `GET /?token=${hiddenSecret}&x=1`],
  ['authorization: Bearer abc.def-123', `authorization: Bearer ${hiddenSecret}`],
  ['sasl.password=top secret', `sasl.password=${hiddenSecret} secret`],
  ['"password":"open"', `"password":"${hiddenSecret}"`],
])('takes the secret out of %j', (text, safe) => {
  expect(redactForms(text)).toBe(safe)
})

it.each(['http://127.0.0.1:3000/a?b=c', 'user@example.com', 'at 12:30 a@b.example wrote', 'the password is wrong'])(
  'leaves %j alone',
  (text) => expect(redactForms(text)).toBe(text),
)

it('reads a word of a megabyte, for which the square of its length would be hours', () => {
  expect(redactForms('a'.repeat(1_000_000))).toHaveLength(1_000_000)
})

it('knows the secrets of an environment in every spelling, and nothing else of it', () => {
  const redact = createRedactor(
    {
      FAULTLINE_TOKEN: 'open"sesame',
      KAFKA_SASL_PASSWORD: 'ka/fka+pass',
      KAFKA_SASL_USERNAME: 'somebody',
      DATABASE_URL: 'postgres://u:p%40ss-word@h/d',
      AWS_ACCESS_KEY_ID: 'faultline',
      AWS_SECRET_ACCESS_KEY: 'faultline',
      HOST: '127.0.0.1',
    },
    ['made-at-start'],
  )
  const text = JSON.stringify({
    a: 'open"sesame',
    b: 'ka%2Ffka%2Bpass',
    c: 'p@ss-word',
    d: 'p%40ss-word',
    e: 'made-at-start',
  })
  expect(redact(text)).toBe(
    JSON.stringify(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, hiddenSecret]))),
  )
  expect(redact('somebody runs faultline on 127.0.0.1')).toBe('somebody runs faultline on 127.0.0.1')
})
