import { describe, expect, it } from 'vitest'
import { faultWith, labTopology } from './fault.fixture.ts'
import { faultMap, faultPlacesOf, isCut } from './fault-places.ts'

const same = (type: string): string => type
const at = (more: Parameters<typeof faultWith>[0]) => faultPlacesOf(faultWith(more), labTopology, same)

describe('where a fault is drawn', () => {
  it('a worker at its node, and one of its replicas there too', () => {
    expect(at({ target: { service: 'consumer-db' } })).toEqual({ nodes: ['consumer:consumer-db'], edges: [] })
    expect(at({ target: { service: 'consumer-db', instance: 'consumer-db-2' } }).nodes).toEqual([
      'consumer:consumer-db',
    ])
  })

  it('a link at its worker and at every edge whose bytes pass it', () => {
    expect(at({ target: { link: 'consumer-db->broker' } })).toEqual({
      nodes: ['consumer:consumer-db'],
      edges: [
        'queue:consumer-db->consumer:consumer-db',
        'consumer:consumer-db->dead_letter_queue:consumer-db-dead-letters',
      ],
    })
    expect(at({ target: { link: 'consumer-db->database' } }).edges).toEqual(['consumer:consumer-db->effect:database'])
    expect(at({ target: { link: 'consumer-email->smtp' } }).edges).toEqual(['consumer:consumer-email->effect:mailbox'])
    expect(at({ target: { link: 'producer->broker' } }).edges).toEqual(['producer:producer->topic:order_placed'])
  })

  it('an event type at its topic, by the topic’s own name, and at the workers that carry it out', () => {
    const target = { eventType: 'order' }
    const places = faultPlacesOf(faultWith({ target, services: ['producer'] }), labTopology, () => 'order_placed')
    expect(places.nodes).toEqual(['producer:producer', 'topic:order_placed'])
    expect(at({ target: { service: 'consumer-db', eventType: 'order_placed' } }).nodes).toEqual([
      'consumer:consumer-db',
    ])
  })

  it('the broker at its topics, queues and dead letters, and at every edge that touches one', () => {
    const { nodes, edges } = at({ target: { broker: 'local' } })
    expect(nodes).toHaveLength(4)
    expect(edges).not.toContain('consumer:consumer-db->effect:database')
    expect(edges).toHaveLength(6)
  })

  it('one that is over nowhere', () => {
    const map = faultMap([faultWith({ state: 'healed' }), faultWith({ state: 'failed' })], labTopology, same)
    expect(map.nodes.size + map.edges.size).toBe(0)
  })

  it('the first of its edges carries the badge', () => {
    const map = faultMap([faultWith({ target: { link: 'consumer-db->broker' } })], labTopology, same)
    expect([...map.edges.values()].map(([first]) => first?.isFirst)).toEqual([true, false])
  })

  it('cut is only what lets nothing pass, while it does', () => {
    expect(isCut({ type: 'link.down', state: 'active' })).toBe(true)
    expect(isCut({ type: 'link.down', state: 'scheduled' })).toBe(false)
    expect(isCut({ type: 'link.latency', state: 'active' })).toBe(false)
  })
})
