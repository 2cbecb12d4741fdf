import { describe, expect, it } from 'vitest'
import type { Attempt, Journey } from '#contracts/api/journey.ts'
import { faultWith } from '../../faults/fault.fixture.ts'
import { type faultsOn, groupFaults, publishFaults } from './message-faults.ts'
import { redeliveryReason } from './redelivery-reason.ts'
import { waterfallOf } from './waterfall-model.ts'

const start = Date.parse('2026-01-01T12:00:00.000Z')
const at = (second: number): string => new Date(start + second * 1_000).toISOString()
const attempt = (second: number, more: Partial<Attempt> = {}): Attempt => ({
  ...{ attempt: 1, receiveCount: 1, instance: 'consumer-db-1', startedAt: at(second), queueMs: 0 },
  ...more,
})
const journey = (attempts: Attempt[], broker: Journey['broker'] = 'kafka'): Journey => ({
  ...{ id: 'producer-1:1:order_placed:7', type: 'order_placed', topic: 'order_placed', broker },
  ...{ payload: {}, raw: '{}', headers: {}, logs: [] },
  publish: { state: 'acked', attemptedAt: at(0), ackedAt: at(0.01) },
  obligations: [{ group: 'consumer-db', state: 'delivered', receiveCount: attempts.length, attempts }],
})
const kill = faultWith({
  ...{ id: 'k', type: 'process.kill', target: { service: 'consumer-db', instance: 'consumer-db-1' } },
  ...{ state: 'healed', injectedAt: at(1), observedAt: at(1.1), healedAt: at(4) },
})
const second = attempt(8, { receiveCount: 2, instance: 'consumer-db-2', handlingMs: 5, outcome: 'ok' })
const reason = (previous: Attempt, faults = [kill], broker: Journey['broker'] = 'kafka') =>
  redeliveryReason(journey([previous, second], broker), 'consumer-db', previous, second, faults)

describe('why a message was handed out again', () => {
  it('a kill that the sidecar saw, in the words of the broker', () => {
    const interrupted = attempt(0.9, { outcome: 'interrupted', endedBy: { how: 'SIGKILL', at: at(1.1) } })
    expect(reason(interrupted)).toBe('session expired after kill of consumer-db-1')
    expect(reason(interrupted, [kill], 'local')).toBe('visibility timed out after kill of consumer-db-1')
    expect(reason(interrupted, [])).toBe('session expired after consumer-db-1 ended (SIGKILL)')
  })

  it('a pause, a lost acknowledgement, a link to the broker, by their time', () => {
    const open = attempt(0.9)
    const of = (type: string, target: Parameters<typeof faultWith>[0] = {}) =>
      reason(open, [{ ...kill, type, ...target }])
    expect(of('process.pause')).toBe('session expired while consumer-db-1 was paused')
    expect(of('ack.lost')).toBe('its acknowledgement was lost: ack.lost on consumer-db-1')
    expect(of('link.down', { target: { link: 'consumer-db->broker' } })).toBe(
      'session expired under link.down on consumer-db → broker',
    )
    expect(of('link.down', { target: { link: 'consumer-db->database' } })).toBeUndefined()
    expect(reason(open, [])).toBeUndefined()
    expect(reason({ ...open, fencedAt: at(7) }, [])).toBe('session expired: the broker gave it to another')
  })

  it('a failed handler needs none: it asked for the next attempt', () => {
    expect(reason(attempt(1, { outcome: 'error' }))).toBeUndefined()
  })

  it('a fault of another time or another replica is not the reason', () => {
    const open = attempt(5)
    expect(reason(open)).toBeUndefined()
    expect(reason(attempt(0.9, { instance: 'consumer-db-9' }))).toBeUndefined()
  })
})

describe('faults that a message met', () => {
  const whole = journey([attempt(0.9, { outcome: 'interrupted', endedBy: { how: 'SIGKILL', at: at(1.1) } }), second])
  const time = { from: start, to: start + 9_000, now: start + 60_000 }
  const met = (faults: Parameters<typeof faultsOn>[3]) => {
    const [obligation] = whole.obligations
    return obligation ? groupFaults(whole, obligation, faults, time).map(({ id }) => id) : []
  }

  it('those of its replicas while it was owed, not those of others, other types or other brokers', () => {
    expect(met([kill])).toEqual(['k'])
    expect(met([{ ...kill, target: { service: 'consumer-db', instance: 'consumer-db-9' } }])).toEqual([])
    expect(met([{ ...kill, target: { eventType: 'user_signup' } }])).toEqual([])
    expect(met([{ ...kill, target: { broker: 'redis' } }])).toEqual([])
    expect(met([{ ...kill, target: { broker: 'kafka' }, services: [] }])).toEqual(['k'])
    expect(met([{ ...kill, injectedAt: at(20), observedAt: at(20), healedAt: at(30) }])).toEqual([])
  })

  it('of a share of the messages, only where the draw hit this one', () => {
    const error = { ...kill, type: 'handler.error', target: { service: 'consumer-db' } }
    expect(met([{ ...error, percent: 0 }])).toEqual([])
    expect(met([{ ...error, percent: 0, messages: [whole.id] }])).toEqual(['k'])
    expect(met([error])).toEqual(['k'])
  })

  it('at the producer while the publish was not answered', () => {
    const down = faultWith({
      target: { link: 'producer->broker' },
      services: ['producer'],
      injectedAt: at(-1),
      observedAt: at(0),
    })
    expect(publishFaults(whole, [down, kill], time).map(({ id }) => id)).toEqual(['f1'])
  })

  it('are in the waterfall as rows of their group, with the reason at the gap', () => {
    const { groups } = waterfallOf(whole, start + 9_000, [kill])
    expect(groups[0]?.faults).toMatchObject([{ label: 'kill', note: 'consumer-db-1', took: '2.9 s', glyph: 'fault' }])
    expect(groups[0]?.rows.map(({ label, why }) => [label, why])).toEqual([
      ['wait', undefined],
      ['attempt 1', undefined],
      ['given back', 'session expired after kill of consumer-db-1'],
      ['attempt 2', undefined],
    ])
    expect(groups[0]?.status.label).toBe('delivered after 2 attempts')
  })

  it('a commit that the broker refused is a mark of its own after its attempt', () => {
    const fenced = journey([attempt(1, { handlingMs: 10, outcome: 'ok', fencedAt: at(3) })])
    const [group] = waterfallOf(fenced, start + 9_000).groups
    expect(group?.rows.map(({ label, note }) => `${label} ${note ?? ''}`.trim())).toEqual([
      'wait',
      'attempt 1 done',
      'commit fenced',
    ])
  })
})
