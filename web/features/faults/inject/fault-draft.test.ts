import { describe, expect, it } from 'vitest'
import type { FaultCatalogueItem } from '#contracts/faults/fault.ts'
import { faultDraftOf, formFieldOf, inputOf, settledParams } from './fault-draft.ts'

const item: FaultCatalogueItem = {
  type: 'link.latency',
  title: 'Slow link',
  sees: 'slow',
  targets: ['link'],
  offers: [],
  params: { type: 'object', properties: { latencyMs: { type: 'integer', default: 500, title: 'Latency' } } },
  directions: ['down', 'up', 'both'],
  percentOf: 'connections',
  brokers: ['local'],
  by: ['sidecar-link'],
}
const target = { link: 'consumer-db->broker' }
const now = Date.parse('2026-01-01T12:00:00.000Z')

describe('a fault that is filled in', () => {
  it('begins with every default of the catalogue, and ends by itself', () => {
    expect(inputOf(item, target, faultDraftOf(item), {}, now)).toEqual({
      ...{ type: 'link.latency', target, direction: 'down', percent: 100 },
      ...{ params: { latencyMs: 500 }, durationMs: 30_000 },
    })
  })

  it('leaves out what the fault does not know: direction, share, a second duration', () => {
    const kill: FaultCatalogueItem = {
      ...{ ...item, directions: undefined, percentOf: undefined },
      ...{
        type: 'process.kill',
        lasts: 'restartAfterMs',
        params: { properties: { restartAfterMs: { default: 3_000 } } },
      },
    }
    const input = inputOf(kill, { service: 'consumer-db' }, faultDraftOf(kill), {}, now)
    expect(input).toEqual({
      type: 'process.kill',
      target: { service: 'consumer-db' },
      params: { restartAfterMs: 3_000 },
    })
  })

  it('begins later by the server’s clock, and sends what is not a number as it is', () => {
    const draft = { ...faultDraftOf(item), startsInS: 2, lastsS: 1.5, seed: 42, eventType: 'order_placed' }
    expect(inputOf(item, { service: 'a' }, draft, {}, now)).toMatchObject({
      startAt: '2026-01-01T12:00:02.000Z',
      durationMs: 1_500,
      seed: 42,
      target: { service: 'a', eventType: 'order_placed' },
    })
    const wrong = inputOf(item, target, { ...draft, startsInS: 'soon', lastsS: 'long' }, {}, now)
    expect(wrong).toMatchObject({ startAt: 'soon', durationMs: 'long' })
    expect(inputOf(item, target, { ...draft, startsInS: 1e20 }, {}, now).startAt).toBe('in 100000000000000000000 s')
  })

  it('lasts until it is healed where no time is given', () => {
    expect(inputOf(item, target, { ...faultDraftOf(item), lastsS: undefined }, {}, now)).not.toHaveProperty(
      'durationMs',
    )
  })

  it('knows on which side a worker is, and asks only where there is a choice', () => {
    const kindOf = (service: string) => (service === 'producer' ? ('producer' as const) : ('consumer' as const))
    expect(settledParams({ type: 'ack.lost' }, { link: 'producer->broker' }, kindOf)).toEqual({ side: 'produce' })
    expect(settledParams({ type: 'ack.lost' }, { service: 'consumer-db' }, kindOf)).toEqual({ side: 'consume' })
    expect(settledParams({ type: 'message.duplicate' }, { service: 'consumer-db' }, kindOf)).toEqual({
      stage: 'consume',
    })
    expect(settledParams({ type: 'message.duplicate' }, { eventType: 'order_placed' }, kindOf)).toEqual({})
    expect(settledParams({ type: 'process.kill' }, { service: 'consumer-db' }, kindOf)).toEqual({})
  })

  it.each([
    ['/params/latencyMs', '/latencyMs'],
    ['/target/link', '#target'],
    ['/target', '#target'],
    ['/target/eventType', '#eventType'],
    ['/durationMs', '#lasts'],
    ['/startAt', '#startsIn'],
    ['/type', undefined],
  ])('an error at %s is at its field', (path, field) => {
    expect(formFieldOf(path)).toBe(field)
  })
})
