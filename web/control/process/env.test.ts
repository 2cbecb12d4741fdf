import { expect, it } from 'vitest'
import { readWebEnv } from './env.ts'

const given = { DATABASE_URL: 'postgres://x', SMTP_URL: 'smtp://127.0.0.1:25', FAULTLINE_AGENT_TOKEN: 'a'.repeat(32) }

it('has defaults, and takes an empty variable as absent', () => {
  const env = readWebEnv({ ...given, PORT: '', HOST: '', FAULTLINE_TOKEN: '' })
  expect(env).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    givenBroker: undefined,
    token: undefined,
    graceMs: 10_000,
    allowedHosts: [],
  })
})

it('refuses a port that others can reach without a token, in words', () => {
  expect(() => readWebEnv({ ...given, HOST: '0.0.0.0' })).toThrow(
    /0\.0\.0\.0 can be reached from other machines: set FAULTLINE_TOKEN/,
  )
  expect(readWebEnv({ ...given, HOST: '0.0.0.0', FAULTLINE_TOKEN: 'secret' }).token).toBe('secret')
  expect(readWebEnv({ ...given, HOST: '0.0.0.0', FAULTLINE_TRUST_NETWORK: '1' }).trustNetwork).toBe(true)
  for (const host of ['localhost', '127.0.0.9', '::1']) expect(readWebEnv({ ...given, HOST: host }).host).toBe(host)
})

it('names every variable that is wrong', () => {
  expect(() => readWebEnv({ PORT: 'x' })).toThrow(/PORT: .*DATABASE_URL: .*SMTP_URL: .*FAULTLINE_AGENT_TOKEN: /)
})

it('distinguishes the mailbox of the lab from a server elsewhere, and no password with it', () => {
  const own = { ...given, FAULTLINE_MAILBOX_URL: given.SMTP_URL }
  expect(readWebEnv(own).mailDestination).toEqual({ kind: 'mailbox', server: '127.0.0.1:25' })
  const elsewhere = { ...own, SMTP_URL: 'smtps://user:secret@mail.example.com:465' }
  expect(readWebEnv(elsewhere).mailDestination).toEqual({ kind: 'elsewhere', server: 'mail.example.com:465' })
  expect(readWebEnv(given).mailDestination.kind).toBe('elsewhere')
})
