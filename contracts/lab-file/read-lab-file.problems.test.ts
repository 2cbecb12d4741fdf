import { expect, test } from 'vitest'
import { type LabDeclaration, labDeclaration } from '../lab-declaration.ts'
import { problemInWords } from '../yaml-document/file-problem.ts'
import { checkoutFile, labFolder } from './read-lab-file.fixture.ts'
import { problemOf } from './read-lab-file.ts'
import { readLabYaml } from './yaml-source.ts'

const { labOf, linesOf, expectProblem } = labFolder()

test('every problem is reported at once, in the order of the file', async () => {
  const text = `
apiVersion: faultline/v1
kind: Lab
metadata: { name: Checkout }
events:
  order_placed: { schema: ./missing.json, kye: orderId }
services:
  shop: { sends: [order_placed] }
  warehouse:
    receives: [payment_capture]
    sends: [shipment_sent]
    simulate: { work: { p50: 40ms, p99: fast }, fails: 101% }
  payment: { receives: [order_placed], sends: [payment_captured] }
flows:
  checkout: { starts: order_placed, ends: [shipment_sent], within: 60 }
`
  expect(await linesOf(text)).toEqual([
    '4:19 /metadata/name: must be lower-case letters, digits and -, start with a letter, and have at most 40 characters',
    '6:27 /events/order_placed/schema: ./missing.json is not there',
    '6:43 /events/order_placed/kye: "kye" is not known here; did you mean key?',
    '10:16 /services/warehouse/receives/0: no service sends payment_capture; closest is payment_captured',
    '12:41 /services/warehouse/simulate/work/p99: must be a duration, such as 200ms, 60s or 2m',
    '12:56 /services/warehouse/simulate/fails: must be at most 100%',
    '13:3 /services/payment: receives events and nothing takes them; give one of builtin, run, url, simulate',
    '15:68 /flows/checkout/within: 60 is not text; write text',
  ])
})

test('what only the declaration refuses is a problem at what it is of', async () => {
  const lab = await labOf(checkoutFile)
  const flow = { ...lab.flows[0], withinMs: 0 }
  const services = lab.services.map((service, index) => (index === 1 ? { ...service, concurrency: 1_000 } : service))
  const wrong = { ...lab, hopLimit: 0, services, flows: [flow] } as LabDeclaration
  const issues = labDeclaration.safeParse(wrong).error?.issues ?? []
  expect(issues.map(problemOf(wrong, readLabYaml(checkoutFile))).map(problemInWords)).toEqual([
    expect.stringMatching(/^\d+:3 \/services\/payment: cannot be declared: concurrency: Too big/),
    expect.stringMatching(/^\d+:3 \/flows\/checkout: cannot be declared: withinMs: Too small/),
    expect.stringMatching(/^\d+:1: cannot be declared: hopLimit: Too small/),
  ])
})

test('a name that is there twice hides no mistake in the form of the rest, and makes none', async () => {
  const text = checkoutFile.replace('  fraud: {', '  shop: {').replace('idempotent: true', 'idempotant: true')
  expect(await linesOf(text)).toEqual([
    expect.stringMatching(/^\d+:\d+ \/services\/payment\/idempotant: "idempotant" is not known here/),
    expect.stringMatching(/^\d+:\d+: shop is here twice; keep one of them$/),
  ])
})

test.each<[string, string, string, string]>([
  ['a name that is there twice', '  fraud: {', '  shop: {', 'shop is here twice; keep one of them'],
  [
    'two bodies',
    'builtin: email }',
    'builtin: email, simulate: {} }',
    '/services/consumer-email/simulate: is given beside `builtin`',
  ],
  [
    'an empty service',
    'shop: { sends: [order_placed] }',
    'shop: { sends: [order_placed] }\n  idle: {}',
    '/services/idle: neither receives nor sends',
  ],
  [
    'no source',
    'shop: { sends: [order_placed] }',
    'shop: { sends: [order_placed], run: { command: [sh] } }',
    '/services: has no source',
  ],
  ['a name of the lab itself', '  fraud:', '  kafka:', '/services/kafka: is the name of a part of the lab'],
  ['a name of a replica', '  fraud:', '  payment-2:', '/services/payment-2: is what replica 2 of payment is called'],
  [
    'two mailers',
    'url: "http://127.0.0.1:8080/events"',
    'builtin: email',
    '/services/consumer-email/builtin: fraud is `builtin: email` already',
  ],
  ['a folder that is missing', './payment,', './paiment,', '/services/payment/run/directory: is not there'],
  [
    'an address that is none',
    '"http://127.0.0.1:8080/events"',
    'localhost',
    '/services/fraud/url: must be an http or https address',
  ],
  [
    'a flow of events that nobody sends',
    'starts: order_placed',
    'starts: order_placd',
    '/flows/checkout/starts: no service sends order_placd; closest is order_placed',
  ],
  [
    'a second flow that starts alike',
    'within: 60s }',
    'within: 60s }\n  again: { starts: order_placed, ends: [shipment_sent], within: 1s }',
    '/flows/again/starts: order_placed starts the flow checkout already, and an event starts one flow; name its ends under checkout, or start with another event',
  ],
  [
    'a flow that ends where it starts',
    'ends: [shipment_sent,',
    'ends: [order_placed,',
    '/flows/checkout/ends/0: is where the flow starts',
  ],
  [
    'an unknown key',
    'idempotent: true',
    'idempotant: true',
    '/services/payment/idempotant: "idempotant" is not known here; did you mean idempotent?',
  ],
  [
    'an unknown key of a policy',
    'initialInterval',
    'initialIntervall',
    '/services/payment/retry/initialIntervall: "initialIntervall" is not known here; did you mean initialInterval?',
  ],
  [
    'a longest wait below the first',
    'initialInterval: 200ms',
    'initialInterval: 2s, maximumInterval: 1s',
    '/services/payment/retry/maximumInterval: the longest wait, 1000 ms, is shorter than the first, 2000 ms',
  ],
  ['too many replicas', 'replicas: 2', 'replicas: 17', '/services/payment/replicas: must be at most 16'],
  [
    'a key that is no field',
    'key: orderId',
    'key: order',
    '/events/order_placed/key: the example has no text or number at "order"',
  ],
  [
    'a table without its key',
    'key: orderId',
    'key: orderId, table: { name: orders_of_shop, key: orderid, columns: { order_id: data.orderId } }',
    '/events/order_placed/table/key: is none of the columns; closest is order_id',
  ],
  [
    'a column of a field that is not there',
    'key: orderId',
    'table: { name: orders_of_shop, key: order_id, columns: { order_id: data.orderId, same: data.ordrId } }',
    '/events/order_placed/table/columns/same: the example has nothing at data.ordrId; closest is data.orderId',
  ],
  [
    'a column of something else than the event',
    'key: orderId',
    'table: { name: orders_of_shop, key: order_id, columns: { order_id: orderId } }',
    '/events/order_placed/table/columns/order_id: must be data.field',
  ],
  [
    'a table that PostgreSQL would not have',
    'key: orderId',
    'table: { name: Orders, key: order_id, columns: { order_id: data.orderId } }',
    '/events/order_placed/table/name: must be lower-case letters',
  ],
  [
    'a key that is not text',
    'payment_captured: { schema: {',
    'payment_captured: { table: { name: sums, key: sum, columns: { sum: data.sum } }, example: { orderId: a, sum: 4 }, schema: {',
    '/events/payment_captured/table/key: must be text, and the example has a number at data.sum',
  ],
  [
    'a schema that is none',
    'schema: ./order.json',
    'schema: { type: objekt }',
    '/events/order_placed/schema: the schema at /type must be one of',
  ],
  [
    'an example that does not fit',
    'schema: ./order.json',
    'schema: ./order.json, example: { orderId: 4 }',
    '/events/order_placed/example: does not fit the schema: /orderId must be string, is 4',
  ],
  [
    'a file that is not JSON',
    './order.json',
    './broken.json',
    '/events/order_placed/schema: ./broken.json, line 1: flow map must end with a }',
  ],
  [
    'a link that leads to itself',
    './order.json',
    './loop.json',
    '/events/order_placed/schema: ./loop.json is a link that leads to itself',
  ],
  ['a folder in place of a file', './order.json', './payment', '/events/order_placed/schema: ./payment is a folder'],
  ['a device in place of a file', './order.json', '/dev/zero', '/events/order_placed/schema: /dev/zero is not a file'],
  [
    'a message that is missing',
    'messages/Declined',
    'messages/Refused',
    '/events/payment_declined/asyncapi: ./asyncapi.yaml has nothing at /components/messages/Refused',
  ],
  ['a message of several documents', 'messages/Declined', 'messages/Far', '/events/payment_declined/asyncapi:'],
  [
    'a schema of a message that is on the network',
    'messages/Declined',
    'messages/OnTheNet',
    'OnTheNet refers to https://example.com/a.yaml#/A, which is neither in its document nor in a file',
  ],
  [
    'a simulated event that it does not send',
    'sends: { shipment_sent: { chance',
    'sends: { shipment_snt: { chance',
    '/services/warehouse/simulate/sends/shipment_snt: is not among what it sends',
  ],
  [
    'an effect that the lab looks up by itself',
    'builtin: email }',
    'builtin: email, effect: { sql: select 1 } }',
    '/services/consumer-email/effect: is known already',
  ],
])('%s is a problem at its place', (_, piece, by, expected) => expectProblem(piece, by, expected))

test.each<[string, string, string]>([
  ['nothing', '', 'an empty value is not a group of keys'],
  ['a list', '- a\n- b', 'a list is not a group of keys'],
  ['broken YAML', 'events: [', 'flow sequence in block collection'],
  ['several documents', 'a: 1\n---\nb: 2', 'contains multiple documents'],
  ['more than may be', `# ${'x'.repeat(1024 * 1024)}`, 'at most 1048576'],
  ['deep lists', `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'is nested deeper than 64 levels'],
  [
    'deep blocks',
    Array.from({ length: 90 }, (_, index) => `${' '.repeat(index)}a:`).join('\n'),
    'is nested deeper than 64 levels',
  ],
  ['aliases that multiply', bomb(), 'aliases'],
  ['a merge of a number', 'events:\n  <<: 5', '2:7: only groups of keys can be merged'],
  ['data that holds itself', 'events: { x: { example: &a { y: *a } } }', '1:33: *a is within what it refers to'],
])('%s is a problem of the whole file', async (_, text, expected) => {
  expect(await linesOf(text)).toContainEqual(expect.stringContaining(expected))
})

function bomb(): string {
  const letters = 'abcdefghij'.split('')
  const lines = letters.map((letter, index) =>
    index === 0
      ? `${letter}: &${letter} [x]`
      : `${letter}: &${letter} [${Array(9)
          .fill(`*${letters[index - 1]}`)
          .join(', ')}]`,
  )
  return lines.join('\n')
}
