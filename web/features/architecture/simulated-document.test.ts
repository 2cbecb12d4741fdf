import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { servicesIn } from './lab-document.ts'
import { changeSimulation, failsOf, lostDigitsIn, simulationOf, templateDataOf } from './simulated-document.ts'

const text = `services:
  warehouse:
    receives: [payment_captured]
    sends: [shipment_sent]
    simulate: # in its place
      work: { p50: 40ms, p99: 400ms }
      # now and then
      fails: { share: 1%, error: CardNetworkDown }
      sends: { shipment_sent: { chance: 98%, data: { orderId: "{{data.orderId}}" } } }
  audit: { receives: [shipment_sent], simulate: {} }
`
const set = (path: string[], value: unknown, of = 'warehouse', from = text) => changeSimulation(from, of, path, value)
const simulated = (of: string, from = text) =>
  simulationOf(servicesIn(from).find(({ name }) => name === of)?.simulate ?? {})

test('the form shows what the file says', () => {
  expect(simulated('warehouse')).toEqual({
    ...{ work: 'spread', p50: '40ms', p99: '400ms', fixed: undefined, fails: '1%', error: 'CardNetworkDown' },
    sends: { shipment_sent: { chance: '98%', delay: undefined, data: '{"orderId":"{{data.orderId}}"}' } },
    ...{ processes: undefined, seed: undefined },
  })
  expect(simulated('audit')).toMatchObject({ work: 'fixed', fails: undefined, sends: {} })
})

test('a change of one value leaves all others and the comments as they were', () => {
  expect(set(['work', 'p99'], '2s')).toBe(text.replace('400ms', '2s'))
  expect(set(['sends', 'shipment_sent', 'delay'], '1s')).toBe(
    text.replace('"{{data.orderId}}" }', '"{{data.orderId}}" }, delay: 1s'),
  )
  expect(set(['fails'], failsOf('2%', ''))).toBe(text.replace('{ share: 1%, error: CardNetworkDown }', '2%'))
  expect(set(['work', 'p50'], '40ms')).toBe(text)
})

test('maps that are missing are made, those left without an entry go', () => {
  const made = set(['sends', 'refund_asked', 'chance'], '50%', 'audit')
  expect(parse(made).services.audit.simulate).toEqual({ sends: { refund_asked: { chance: '50%' } } })
  expect(parse(set(['sends', 'refund_asked', 'chance'], undefined, 'audit', made)).services.audit.simulate).toEqual({})
  const fewer = set(['sends', 'shipment_sent', 'data'], undefined)
  expect(parse(fewer).services.warehouse.simulate.sends).toEqual({ shipment_sent: { chance: '98%' } })
})

test('what is not a template stays as it was typed, so that the checks of the file can say what is wrong', () => {
  expect([templateDataOf(''), templateDataOf('{"a":1}'), templateDataOf('{a')]).toEqual([undefined, { a: 1 }, '{a'])
  expect([failsOf('', undefined), failsOf('1%', 'Down')]).toEqual([undefined, { share: '1%', error: 'Down' }])
})

test('a number of the data that the file would change is refused at its field, with all its digits there', () => {
  const typed = '{"id":9007199254740993}'
  const changed = set(['sends', 'shipment_sent', 'data'], templateDataOf(typed))
  const shown = simulated('warehouse', changed).sends.shipment_sent?.data
  expect(shown).toBe(typed)
  expect(lostDigitsIn(shown)).toContain('more digits')
  expect([lostDigitsIn(undefined), lostDigitsIn('{"id":9}'), lostDigitsIn('{9007199254740993')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a service that is not simulated, and a text that is not YAML, stay as they are', () => {
  const other = 'services:\n  a: { url: http://a/ }\n'
  expect(set(['seed'], 1, 'a', other)).toBe(other)
  expect(set(['seed'], 1, 'a', 'services: [')).toBe('services: [')
})
