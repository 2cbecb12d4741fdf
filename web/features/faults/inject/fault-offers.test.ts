import { describe, expect, it } from 'vitest'
import type { FaultCatalogueItem, FaultOffer } from '#contracts/faults/fault.ts'
import { labTopology, nodeNamed } from '../fault.fixture.ts'
import { type FaultSpot, offersAt } from './fault-offers.ts'

const item = (type: string, by: string, offers: FaultOffer[]): FaultCatalogueItem => ({
  ...{ type, title: type, sees: '', targets: [], offers, params: {}, brokers: ['local'], by: [by] },
})
const offer = (target: FaultOffer['target']): FaultOffer => ({ target, label: JSON.stringify(target) })
const links = ['producer->broker', 'consumer-db->broker', 'consumer-db->database', 'consumer-email->smtp']
const catalogue = [
  item('process.kill', 'sidecar-process', [
    offer({ service: 'producer' }),
    offer({ service: 'consumer-db' }),
    offer({ service: 'consumer-db', instance: 'consumer-db-1' }),
    offer({ service: 'consumer-db', instance: 'consumer-db-2' }),
    offer({ service: 'consumer-email' }),
    offer({ service: 'consumer-email', instance: 'consumer-email-1' }),
  ]),
  item('handler.error', 'runtime', [offer({ service: 'consumer-db' }), offer({ eventType: 'order_placed' })]),
  item('message.poison', 'producer', [offer({ eventType: 'order_placed' }), offer({ eventType: 'other' })]),
  item(
    'link.down',
    'sidecar-link',
    links.map((link) => offer({ link })),
  ),
  item('broker.down', 'supervisor', [offer({ broker: 'local' })]),
  item('not.here', 'supervisor', []),
]
const scopesAt = (spot: FaultSpot) =>
  Object.fromEntries(
    offersAt(spot, catalogue, labTopology, (type) => type).map(({ scope, faults }) => [
      scope,
      faults.map((fault) => [fault.item.type, fault.offers.length]),
    ]),
  )
const edgeNamed = (id: string): FaultSpot => {
  const edge = labTopology.edges.find((one) => one.id === id)
  if (!edge) throw new Error(`no edge ${id}`)
  return { edge }
}

describe('what can be injected where', () => {
  it('a consumer: its process, its handler, each of its links', () => {
    expect(scopesAt({ node: nodeNamed('consumer:consumer-db') })).toEqual({
      process: [['process.kill', 3]],
      handler: [['handler.error', 1]],
      'broker-link': [['link.down', 1]],
      'database-link': [['link.down', 1]],
    })
  })

  it('a worker with one replica as a whole', () => {
    expect(scopesAt({ node: nodeNamed('consumer:consumer-email') }).process).toEqual([['process.kill', 1]])
  })

  it('a producer: its process, its link, and what it does to messages of a type', () => {
    expect(scopesAt({ node: nodeNamed('producer:producer') })).toEqual({
      process: [['process.kill', 1]],
      messages: [['message.poison', 2]],
      'broker-link': [['link.down', 1]],
    })
  })

  it('a topic: its type and the broker; a queue: the broker; an effect: the links that lead there', () => {
    expect(scopesAt({ node: nodeNamed('topic:order_placed') })).toEqual({
      handler: [['handler.error', 1]],
      messages: [['message.poison', 1]],
      broker: [['broker.down', 1]],
    })
    expect(scopesAt({ node: nodeNamed('queue:consumer-db') })).toEqual({ broker: [['broker.down', 1]] })
    expect(scopesAt({ node: nodeNamed('effect:mailbox') })).toEqual({ 'smtp-link': [['link.down', 1]] })
  })

  it('an edge: the link whose bytes pass it, and the broker where it is an end of it', () => {
    expect(scopesAt(edgeNamed('queue:consumer-db->consumer:consumer-db'))).toEqual({
      'broker-link': [['link.down', 1]],
      broker: [['broker.down', 1]],
    })
    expect(scopesAt(edgeNamed('consumer:consumer-db->effect:database'))).toEqual({
      'database-link': [['link.down', 1]],
    })
    expect(scopesAt(edgeNamed('topic:order_placed->queue:consumer-db'))).toEqual({ broker: [['broker.down', 1]] })
  })

  it('nothing that the broker of now cannot have: such an item offers no target', () => {
    const all = labTopology.nodes.flatMap((node) => Object.values(scopesAt({ node })).flat())
    expect(all.map(([type]) => type)).not.toContain('not.here')
  })
})
