import { describe, expect, it } from 'vitest'
import type { FaultInput } from '#contracts/faults/fault.ts'
import { faultList } from '#contracts/faults/fault-list.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { ApiProblem } from '../problem/problem.ts'
import { catalogueItems } from './catalogue-items.ts'
import { checkFault } from './check-fault.ts'
import { faultTargets } from './fault-targets.ts'
import { ordersOf } from './held-faults.ts'

const now = Date.parse('2026-01-02T03:04:05Z')
const targets = faultTargets(defaultLab, initialLab(defaultLab), [], 'local')
const check = (input: FaultInput) =>
  checkFault(input, { targets, now, drawSeed: () => 7, accepts: (_type, data) => typeof data === 'object' })
function refusalOf(input: FaultInput): { code: string; errors: { path: string; message: string }[] } {
  try {
    check(input)
  } catch (error) {
    if (error instanceof ApiProblem) return { code: error.code, errors: error.extra.errors ?? [] }
    throw error
  }
  throw new Error('it was taken')
}

describe('a fault that is asked for', () => {
  it('is filled in with its defaults', () => {
    expect(check({ type: 'link.latency', target: 'consumer-db->database' })).toMatchObject({
      ...{ target: { link: 'consumer-db->database' }, direction: 'down', percent: 100, seed: 7, startAt: now },
      params: { latencyMs: 500, jitterMs: 0 },
    })
    expect(check({ type: 'link.latency', target: 'consumer-db->database' })).not.toHaveProperty('durationMs')
  })

  it.each([
    ['consumer-db', { service: 'consumer-db' }],
    ['consumer-db-2', { service: 'consumer-db', instance: 'consumer-db-2' }],
    [{ instance: 'consumer-db-2' }, { service: 'consumer-db', instance: 'consumer-db-2' }],
  ])('knows %j', (target, full) => {
    expect(check({ type: 'process.kill', target }).target).toEqual(full)
  })

  it.each([
    [{ type: 'process.kill', params: { restartAfterMs: 500 } }, 500],
    [{ type: 'process.kill', durationMs: 800 }, 800],
    [{ type: 'process.kill', durationMs: 800, params: { restartAfterMs: 5_000 } }, 800],
    [{ type: 'process.pause', durationMs: 700 }, 700],
    [{ type: 'process.pause', params: { durationMs: 600 } }, 600],
    [{ type: 'process.pause' }, 15_000],
    [{ type: 'process.block' }, undefined],
  ])('%j lasts %j ms', (input, ms) => {
    expect(check({ target: 'consumer-db', ...input }).durationMs).toBe(ms)
  })

  it('takes the side of an acknowledgement from its target', () => {
    expect(check({ type: 'ack.lost', target: 'consumer-db' }).params).toEqual({ side: 'consume' })
    expect(check({ type: 'ack.lost', target: 'producer->broker' }).params).toEqual({ side: 'produce' })
  })

  it('needs no target where there is only one', () => {
    expect(check({ type: 'broker.down' }).target).toEqual({ broker: 'local' })
  })
})

describe('a fault that cannot be', () => {
  it.each<[string, FaultInput, string, string, RegExp]>([
    ['an unknown type', { type: 'process.melt' }, 'invalid_fault', '/type', /process\.kill/],
    ['no target', { type: 'process.kill' }, 'invalid_fault', '/target', /is required/],
    ['an unknown name', { type: 'process.kill', target: 'consumer-x' }, 'invalid_fault', '/target', /consumer-db/],
    [
      'an unknown service',
      { type: 'process.kill', target: { service: 'x' } },
      'invalid_fault',
      '/target/service',
      /known: producer/,
    ],
    [
      'an unknown replica',
      { type: 'process.kill', target: { service: 'producer', instance: 'producer-9' } },
      'invalid_fault',
      '/target/instance',
      /producer-1/,
    ],
    [
      'an unknown link',
      { type: 'link.down', target: 'producer->database' },
      'invalid_fault',
      '/target/link',
      /producer->broker/,
    ],
    [
      'an unknown event type',
      { type: 'message.poison', target: { eventType: 'x' } },
      'invalid_fault',
      '/target/eventType',
      /user_signup/,
    ],
    [
      'another broker',
      { type: 'broker.down', target: { broker: 'kafka' } },
      'invalid_fault',
      '/target/broker',
      /runs on local/,
    ],
    [
      'two targets',
      { type: 'ack.lost', target: { service: 'producer', link: 'producer->broker' } },
      'invalid_fault',
      '/target',
      /one target/,
    ],
    [
      'a target of another kind',
      { type: 'link.down', target: 'consumer-db' },
      'fault_not_possible',
      '/target/service',
      /aims at a link/,
    ],
    [
      'a service of another kind',
      { type: 'handler.error', target: 'producer' },
      'fault_not_possible',
      '/target/service',
      /consumer-email, consumer-db/,
    ],
    [
      'a type that it does not take',
      { type: 'handler.error', target: { service: 'consumer-db', eventType: 'payment_failed' } },
      'fault_not_possible',
      '/target/eventType',
      /takes user_signup/,
    ],
    [
      'a link that acknowledges nothing',
      { type: 'ack.lost', target: 'consumer-email->smtp' },
      'fault_not_possible',
      '/target/link',
      /consumer-email->broker/,
    ],
    [
      'the other side',
      { type: 'ack.lost', target: 'producer', params: { side: 'consume' } },
      'fault_not_possible',
      '/params/side',
      /give produce/,
    ],
    [
      'a stage elsewhere',
      { type: 'message.duplicate', target: 'consumer-db', params: { stage: 'produce' } },
      'fault_not_possible',
      '/params/stage',
      /give consume/,
    ],
    [
      'a percentage beyond 100',
      { type: 'link.latency', target: 'producer->broker', percent: 101 },
      'invalid_fault',
      '/percent',
      /0 to 100/,
    ],
    [
      'a negative percentage',
      { type: 'link.latency', target: 'producer->broker', percent: -1 },
      'invalid_fault',
      '/percent',
      /0 to 100/,
    ],
    [
      'a share of a process',
      { type: 'process.kill', target: 'producer', percent: 50 },
      'invalid_fault',
      '/percent',
      /leave percent out/,
    ],
    [
      'a negative duration',
      { type: 'link.down', target: 'producer->broker', durationMs: -1 },
      'invalid_fault',
      '/durationMs',
      /from 1/,
    ],
    [
      'half a millisecond',
      { type: 'link.down', target: 'producer->broker', durationMs: 0.5 },
      'invalid_fault',
      '/durationMs',
      /whole number/,
    ],
    [
      'a time in the past',
      { type: 'link.down', target: 'producer->broker', startAt: '2026-01-02T03:03:00Z' },
      'invalid_fault',
      '/startAt',
      /past/,
    ],
    [
      'no time',
      { type: 'link.down', target: 'producer->broker', startAt: '-5s' },
      'invalid_fault',
      '/startAt',
      /RFC 3339/,
    ],
    [
      'a negative param',
      { type: 'link.latency', target: 'producer->broker', params: { latencyMs: -1 } },
      'invalid_fault',
      '/params/latencyMs',
      />=0.*ms/,
    ],
    [
      'an unknown param',
      { type: 'link.latency', target: 'producer->broker', params: { speed: 1 } },
      'invalid_fault',
      '/params/speed',
      /latencyMs, jitterMs/,
    ],
    [
      'an unknown direction',
      { type: 'link.latency', target: 'producer->broker', direction: 'left' },
      'invalid_fault',
      '/direction',
      /down, up, both/,
    ],
    [
      'a direction of none',
      { type: 'link.down', target: 'producer->broker', direction: 'up' },
      'invalid_fault',
      '/direction',
      /leave it out/,
    ],
    [
      'two durations',
      { type: 'process.pause', target: 'producer', durationMs: 5, params: { durationMs: 6 } },
      'invalid_fault',
      '/params/durationMs',
      /contradicts/,
    ],
    [
      'a negative seed',
      { type: 'link.latency', target: 'producer->broker', seed: -1 },
      'invalid_fault',
      '/seed',
      /whole number/,
    ],
  ])('%s is refused with its field and a remedy', (_, input, code, path, message) => {
    const refusal = refusalOf(input)
    expect(refusal.code).toBe(code)
    expect(refusal.errors.map((error) => error.path)).toEqual([path])
    expect(refusal.errors[0]?.message).toMatch(message)
  })

  it('names every wrong field at once', () => {
    const { errors } = refusalOf({
      ...{ type: 'link.latency', target: 'producer->broker', percent: 200, durationMs: -3 },
      params: { latencyMs: -1, jitterMs: 'x' },
    })
    expect(errors.map(({ path }) => path).sort()).toEqual([
      '/durationMs',
      '/params/jitterMs',
      '/params/latencyMs',
      '/percent',
    ])
  })

  it('poison that the schema takes is refused', () => {
    const taken = () =>
      checkFault(
        { type: 'message.poison', target: { eventType: 'user_signup' }, params: { variant: 'schema' } },
        { targets, now, drawSeed: () => 1, accepts: () => true },
      )
    expect(taken).toThrow(/takes anything/)
  })
})

describe('the catalogue', () => {
  it('offers only targets that can be had: each offer is taken, and someone has to carry it out', () => {
    const items = catalogueItems(targets)
    expect(items.map(({ type }) => type)).toEqual(faultList.map(({ type }) => type))
    for (const { type, offers, by } of items) {
      expect(offers.length, type).toBeGreaterThan(0)
      for (const { target } of offers) {
        const stage =
          type === 'message.duplicate' && target.service?.startsWith('consumer') ? { params: { stage: 'consume' } } : {}
        const checked = check({ type, target, ...stage })
        expect(checked.target, `${type} ${JSON.stringify(target)}`).toEqual(target)
        const orders = ordersOf({ ...checked, id: 'f', type }, targets, undefined, true)
        // What the simulator does is nobody's else.
        const bySidecars = !by.includes('simulator')
        expect(Object.keys(orders).length > 0, `${type} ${JSON.stringify(target)}`).toBe(bySidecars)
      }
    }
  })
})
