import { expect, test } from 'vitest'
import { readWorkerEnv } from './env.ts'

const given = {
  FAULTLINE_SERVICE: 'payment',
  FAULTLINE_INSTANCE: 'payment-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
}

test('a worker that was given nothing about its service is one of the lab itself', () => {
  const { body, sends, concurrency, hopLimit, epoch } = readWorkerEnv(given)
  expect([body, sends, concurrency, hopLimit, epoch]).toEqual([undefined, [], undefined, 32, undefined])
})

test('what a service is made of is read, and what is wrong with it is named', () => {
  const body = { kind: 'url', url: 'http://$HOST/events' }
  const chosen = { FAULTLINE_SENDS: 'paid, declined', FAULTLINE_CONCURRENCY: '64', FAULTLINE_HOP_LIMIT: '5' }
  expect(readWorkerEnv({ ...given, ...chosen, FAULTLINE_BODY: JSON.stringify(body) })).toMatchObject({
    ...{ body, sends: ['paid', 'declined'], concurrency: 64, hopLimit: 5 },
  })
  const problemOf = (more: Record<string, string>): string => {
    try {
      readWorkerEnv({ ...given, ...more })
      return ''
    } catch (error) {
      return String(error)
    }
  }
  expect(problemOf({ FAULTLINE_BODY: '{' })).toContain(
    'FAULTLINE_BODY: must be what a service is made of, as JSON: it is not JSON',
  )
  expect(problemOf({ FAULTLINE_BODY: '{"kind":"url","url":1}' })).toMatch(/FAULTLINE_BODY: .*url: .*string/)
  expect(problemOf({ FAULTLINE_CONCURRENCY: '65' })).toContain('FAULTLINE_CONCURRENCY')
  expect(problemOf({ FAULTLINE_HOP_LIMIT: '0' })).toContain('FAULTLINE_HOP_LIMIT')
})
