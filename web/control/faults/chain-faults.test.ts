import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { loadLab } from '#contracts/load-lab.ts'
import { initialLab } from '../lab/declared-lab.ts'
import { faultTargets } from './fault-targets.ts'
import { ordersOf } from './held-faults.ts'

const lab = await loadLab(fileURLToPath(new URL('../../../examples/checkout/faultline.yaml', import.meta.url)))
const status = (name: string, links: string[]) => ({
  ...{ name, connected: true, replicas: [], wanted: 1, gauges: [], problems: [] },
  links: links.map((id) => ({ id, state: 'up' as const, connections: 0 })),
})
const targets = faultTargets(lab, initialLab(lab), [], 'local')
const whom = (type: string, target: object, params: object = {}) =>
  Object.keys(
    ordersOf({ id: 'f', type, target, percent: 100, params: { ...params }, seed: 1 }, targets, undefined, false),
  ).sort()

it('faults of a message are carried out by the service that publishes it, and by sources', () => {
  expect(whom('message.poison', { eventType: 'payment_captured' })).toEqual(['payment', 'shop'])
  expect(whom('message.reorder', { eventType: 'shipment_sent' })).toEqual(['shop', 'warehouse'])
  expect(whom('message.poison', { service: 'payment' })).toEqual(['payment'])
  expect(whom('message.poison', { service: 'fraud' })).toEqual([])
})

it('faults of handlers are carried out by the services that receive the event', () => {
  expect(whom('handler.error', { eventType: 'payment_captured' })).toEqual(['warehouse'])
  expect(whom('handler.error', { service: 'fraud' })).toEqual(['fraud'])
})

it('offers the link to a program that runs elsewhere once its sidecar has reported it', () => {
  const found = faultTargets(lab, initialLab(lab), [status('fraud', ['fraud->broker', 'fraud->url'])] as never, 'local')
  expect(found.links.map(({ id }) => id)).toContain('fraud->url')
})
