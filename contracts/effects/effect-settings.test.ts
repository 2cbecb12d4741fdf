import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineEffect } from './define-effect.ts'
import { effectEnvironment, effectUrlsOf } from './effect-settings.ts'
import { row } from './row.ts'

const env = { DATABASE_URL: 'postgresql://localhost/x', SMTP_URL: 'smtp://localhost:25', AWS_REGION: 'eu-west-1' }

test('a worker is given the addresses that its effect needs', () => {
  expect(Object.keys(effectUrlsOf(env, 'row'))).toEqual(['DATABASE_URL'])
  expect(Object.keys(effectUrlsOf(env, 'email'))).toEqual(['SMTP_URL'])
  expect(Object.keys(effectUrlsOf(env, undefined))).toEqual(['DATABASE_URL', 'SMTP_URL'])
})

test('an address that is missing or empty is not given', () => {
  const read = z.object(effectEnvironment).parse({ DATABASE_URL: '', SMTP_URL: env.SMTP_URL })
  expect(effectUrlsOf(read, 'row')).toEqual({})
  expect(effectUrlsOf(read, undefined)).toEqual({ SMTP_URL: env.SMTP_URL })
})

test('an effect whose link would be taken for the one to the broker is refused', () => {
  expect(() => defineEffect({ ...row, link: 'broker' })).toThrow('row cannot have a link with the name "broker"')
})
