import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LabDeclaration, labDeclaration } from '../lab-declaration.ts'
import { problemInWords } from '../yaml-document/file-problem.ts'
import type { LabFileProblem } from './problem.ts'
import { problemOf, readLabFile } from './read-lab-file.ts'
import { openSchemaCheck } from './schema-check.ts'
import { readLabYaml } from './yaml-source.ts'

const { check, close } = openSchemaCheck()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-file-'))
  await mkdir(join(folder, 'payment'))
  await writeFile(
    join(folder, 'order.json'),
    '{"type":"object","required":["orderId"],"properties":{"orderId":{"type":"string"}}}',
  )
  await writeFile(join(folder, 'broken.json'), '{"type":')
  await writeFile(join(folder, 'asyncapi.yaml'), asyncApi)
  await mkdir(join(folder, 'shared'))
  await writeFile(join(folder, 'shared', 'place.yaml'), place)
  await symlink('loop.json', join(folder, 'loop.json'))
})
afterAll(async () => {
  await close()
  await rm(folder, { recursive: true })
})

const asyncApi = `
asyncapi: 3.0.0
components:
  messages:
    Declined:
      payload: { schemaFormat: application/schema+json, schema: { $ref: '#/components/schemas/Decline' } }
      examples: [{ payload: { orderId: a-1, why: { code: 4 } } }]
    Far: { payload: { $ref: './other.yaml#/Far' } }
    Shared: { payload: { type: object, required: [at], properties: { at: { $ref: './shared/place.yaml#/Place' } } } }
    OnTheNet: { payload: { $ref: 'https://example.com/a.yaml#/A' } }
  schemas:
    Decline:
      type: object
      required: [orderId]
      discriminator: orderId
      x-owner: payments
      properties: { orderId: { type: string }, why: { $ref: '#/components/schemas/Why' } }
    Why: { type: object, properties: { code: { type: integer }, because: { $ref: '#/components/schemas/Why' } } }
`

/** Refers to itself and to the document that refers to it, from its own folder. */
const place = `
Place: { type: object, required: [decline], properties: { next: { $ref: '#/Place' }, decline: { $ref: '../asyncapi.yaml#/components/schemas/Decline' } } }
`

const checkout = `
apiVersion: faultline/v1
kind: Lab
metadata: { name: checkout }
events:
  order_placed: { schema: ./order.json, key: orderId }
  payment_captured: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } } }
  payment_declined: { asyncapi: './asyncapi.yaml#/components/messages/Declined' }
services:
  shop: { sends: [order_placed] }
  payment:
    receives: [order_placed]
    sends: [payment_captured, payment_declined]
    run: { command: [python3, payment.py], directory: ./payment, env: { LOG: debug, PORT_BASE: 1, KEY: $KEY } }
    replicas: 2
    idempotent: true
    retry: { maximumAttempts: 5, initialInterval: 200ms }
  warehouse:
    receives: [payment_captured]
    sends: [shipment_sent]
    simulate: { work: { p50: 40ms, p99: 400ms }, fails: 1%, sends: { shipment_sent: { chance: 98%, data: { orderId: "{{data.orderId}}" } } } }
  fraud: { receives: [order_placed], url: "http://127.0.0.1:8080/events" }
  consumer-email: { receives: [shipment_sent, payment_declined], builtin: email }
  consumer-db: { receives: [order_placed, shipment_sent], builtin: database }
flows:
  checkout: { starts: order_placed, ends: [shipment_sent, payment_declined], within: 60s }
`

const read = (text: string) => readLabFile(text, join(folder, 'faultline.yaml'), check)

async function labOf(text: string): Promise<LabDeclaration> {
  const result = await read(text)
  if (!result.ok) throw new Error(result.problems.map(problemInWords).join('\n'))
  return result.lab
}

async function problemsOf(text: string): Promise<LabFileProblem[]> {
  const result = await read(text)
  return result.ok ? [] : result.problems
}

/** The checkout lab with one piece of its text replaced. */
const changed = (piece: string, by: string): string => {
  expect(checkout).toContain(piece)
  return checkout.replace(piece, () => by)
}
const linesOf = async (text: string): Promise<string[]> => (await problemsOf(text)).map(problemInWords)

test('a lab file becomes a declaration in which every reference is resolved', async () => {
  const lab = await labOf(checkout)
  expect(lab).toMatchObject({ name: 'checkout', file: join(folder, 'faultline.yaml'), hopLimit: 32 })
  expect(lab.events.map(({ name }) => name)).toEqual([
    'order_placed',
    'payment_captured',
    'payment_declined',
    'shipment_sent',
  ])
  expect(lab.events[0]).toMatchObject({
    keyField: 'orderId',
    example: { orderId: 'text' },
    builtIn: false,
    inLabFile: true,
  })
  expect(lab.events[2]).toMatchObject({ example: { orderId: 'a-1', why: { code: 4 } } })
  expect(lab.events[2]?.schema).toEqual({
    type: 'object',
    required: ['orderId'],
    properties: { orderId: { type: 'string' }, why: { $ref: '#/$defs/1-Why' } },
    $defs: {
      '1-Why': { type: 'object', properties: { code: { type: 'integer' }, because: { $ref: '#/$defs/1-Why' } } },
    },
  })
  const [shop, payment, warehouse, fraud, email, database] = lab.services
  expect(shop).toMatchObject({
    name: 'shop',
    receives: [],
    sends: ['order_placed'],
    body: { kind: 'source' },
    replicas: 1,
  })
  expect(payment).toMatchObject({
    ...{ replicas: 2, idempotent: true, concurrency: 4, retry: { maximumAttempts: 5, initialIntervalMs: 200 } },
    body: {
      ...{
        kind: 'program',
        command: ['python3', 'payment.py'],
        directory: join(folder, 'payment'),
        readyWithinMs: 10_000,
      },
      env: { LOG: 'debug', PORT_BASE: '1', KEY: '$KEY' },
    },
  })
  expect(warehouse?.body).toMatchObject({
    ...{ kind: 'simulated', work: { p50Ms: 40, p99Ms: 400 }, fails: { share: 0.01, errorType: 'SimulatedFailure' } },
    sends: { shipment_sent: { chance: 0.98, delayMs: 0, data: { orderId: '{{data.orderId}}' } } },
  })
  expect(fraud?.body).toEqual({ kind: 'url', url: 'http://127.0.0.1:8080/events' })
  expect(email).toMatchObject({ body: { kind: 'builtin', worker: 'email', effect: 'email' }, idempotent: false })
  expect(database).toMatchObject({ body: { kind: 'builtin', worker: 'database', effect: 'row' }, idempotent: true })
  expect(lab.flows).toEqual([
    { name: 'checkout', starts: 'order_placed', ends: ['shipment_sent', 'payment_declined'], withinMs: 60_000 },
  ])
})

test('a built-in service that sends is told the data, and promises a single effect only where the file says so', async () => {
  const lab = await labOf(
    changed(
      '[order_placed, shipment_sent], builtin: database',
      '[order_placed], sends: [row_written], builtin: database',
    ).replace('events:', 'events:\n  row_written: { example: { orderId: x, by: lab } }'),
  )
  expect(lab.services.at(-1)).toMatchObject({
    ...{ sends: ['row_written'], idempotent: false },
    body: { worker: 'database', effect: 'row', sends: { row_written: { orderId: '{{data.orderId}}', by: 'lab' } } },
  })
})

test('a message takes what its document refers to in other files, and they in theirs', async () => {
  const lab = await labOf(changed('messages/Declined', 'messages/Shared'))
  const type = lab.events.find(({ name }) => name === 'payment_declined')
  expect(type?.schema).toMatchObject({
    properties: { at: { $ref: '#/$defs/1-Place' } },
    $defs: {
      '1-Place': { properties: { next: { $ref: '#/$defs/1-Place' }, decline: { $ref: '#/$defs/2-Decline' } } },
      '2-Decline': { properties: { why: { $ref: '#/$defs/3-Why' } } },
      '3-Why': { properties: { because: { $ref: '#/$defs/3-Why' } } },
    },
  })
})

test('the same file gives the same declaration', async () => {
  expect(await labOf(checkout)).toEqual(await labOf(checkout))
})

test('what a simulated service sends without a template is the example with the texts that its events carry', async () => {
  const schema = '{ type: object, properties: { orderId: { type: string }, parcels: { type: integer } } }'
  const text = changed('services:', `  shipment_sent: { schema: ${schema} }\nservices:`).replace(
    /simulate: .*/,
    'simulate: {}',
  )
  const warehouse = (await labOf(text)).services.find(({ name }) => name === 'warehouse')
  expect(warehouse?.body).toMatchObject({
    ...{ work: { fixedMs: 10 }, fails: { share: 0 } },
    sends: { shipment_sent: { chance: 1, data: { orderId: '{{data.orderId}}', parcels: 1 } } },
  })
})

test('every problem is told at once, in the order of the file', async () => {
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

const sends = 'sends: { shipment_sent: { chance: 98%,'
const command = 'command: [python3, payment.py],'
const endless = `${'9'.repeat(400)}h`
const times: [string, string, string, string][] = [
  ['a delay above its bound', sends, `${sends} delay: 2h,`, '/simulate/sends/shipment_sent/delay: must be at most 1h'],
  ['a delay without end', sends, `${sends} delay: ${endless},`, '/shipment_sent/delay: must be at most 1h'],
  ['a long start', command, `${command} readyWithin: 20m,`, '/run/readyWithin: must be at least 100ms and at most 10m'],
  ['a short start', command, `${command} readyWithin: 50ms,`, '/run/readyWithin: must be at least 100ms and at most'],
  ['work without end', 'p99: 400ms', `p99: ${endless}`, '/simulate/work/p99: must be at most 12h'],
  [
    'work of a fixed time without end',
    '{ p50: 40ms, p99: 400ms }',
    `{ fixed: ${endless} }`,
    '/fixed: must be at most 12h',
  ],
  [
    'a flow without end',
    'within: 60s',
    `within: ${endless}`,
    '/flows/checkout/within: must be more than 0 and at most',
  ],
  ['a flow within no time', 'within: 60s', 'within: 0s', '/within: must be more than 0 and at most 8760h'],
  ['an attempt of no time', 'initialInterval: 200ms', 'attemptTimeout: 0ms', 'must be more than 0 and at most 12h'],
  [
    'an interval above its bound',
    'initialInterval: 200ms',
    'maximumInterval: 13h',
    '/maximumInterval: must be at most 12h',
  ],
  [
    'an error type with NUL',
    'initialInterval: 200ms',
    'nonRetryableErrorTypes: ["a\\0"]',
    'must not hold the character NUL',
  ],
]

test('parts of a millisecond are rounded, and never to no time', async () => {
  const text = changed(sends, `${sends} delay: 0.4ms,`)
    .replace(command, `${command} readyWithin: 100.4ms,`)
    .replace('initialInterval: 200ms', 'initialInterval: 1.6ms, attemptTimeout: 0.2ms')
  const { services } = await labOf(text)
  const one = (wanted: string) => services.find(({ name }) => name === wanted)
  expect(one('warehouse')?.body).toMatchObject({ sends: { shipment_sent: { delayMs: 1 } } })
  expect(one('payment')).toMatchObject({
    body: { readyWithinMs: 100 },
    retry: { initialIntervalMs: 2, attemptTimeoutMs: 1 },
  })
})

test('what only the declaration refuses is a problem at what it is of', async () => {
  const lab = await labOf(checkout)
  const flow = { ...lab.flows[0], withinMs: 0 }
  const services = lab.services.map((service, index) => (index === 1 ? { ...service, concurrency: 1_000 } : service))
  const wrong = { ...lab, hopLimit: 0, services, flows: [flow] } as LabDeclaration
  const issues = labDeclaration.safeParse(wrong).error?.issues ?? []
  expect(issues.map(problemOf(wrong, readLabYaml(checkout))).map(problemInWords)).toEqual([
    expect.stringMatching(/^\d+:3 \/services\/payment: cannot be declared: concurrency: Too big/),
    expect.stringMatching(/^\d+:3 \/flows\/checkout: cannot be declared: withinMs: Too small/),
    expect.stringMatching(/^\d+:1: cannot be declared: hopLimit: Too small/),
  ])
})

test.each<[string, string, string, string]>([
  ['a name that is there twice', '  fraud: {', '  shop: {', 'this key stands here twice; keep one of them'],
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
    'a key that is no text',
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
  ...times,
])('%s is a problem at its place', async (_, piece, by, expected) => {
  const text = changed(piece, by)
  const problems = await problemsOf(text)
  expect(problems.map((problem) => problemInWords(problem).replace(/^\d+:\d+ /, ''))).toContainEqual(
    expect.stringContaining(expected),
  )
  for (const { line, column } of problems) expect(text.split('\n')[line - 1]?.length).toBeGreaterThanOrEqual(column - 1)
})

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
  ['data that holds itself', 'events: { x: { example: &a { y: *a } } }', '1:33: *a stands within what it refers to'],
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

test('a thousand services in one file are a lab', async () => {
  const services = Array.from(
    { length: 997 },
    (_, index) => `  step-${index}: { receives: [order_placed], simulate: {} }`,
  )
  expect((await labOf(changed('  fraud:', `${services.slice(0, 994).join('\n')}\n  fraud:`))).services).toHaveLength(
    1_000,
  )
  expect(await linesOf(changed('  fraud:', `${services.join('\n')}\n  fraud:`))).toEqual([
    '10:3 /services: has more than 1000 entries, which is the most',
  ])
})

test('simulated services share a process where they, or the lab, say so', async () => {
  const shares = async (text: string, name: string): Promise<boolean> => {
    const found = (await labOf(text)).services.find((service) => service.name === name)
    return found?.body.kind === 'simulated' && found.body.shared === true
  }
  const two =
    '  a: { receives: [order_placed], simulate: {} }\n  b: { receives: [order_placed], simulate: { processes: own } }\n  fraud:'
  const lab = changed('  fraud:', two)
  expect(await shares(lab, 'a')).toBe(false)
  const sharing = lab.replace('\nservices:', '\nprocesses: shared\nservices:')
  expect(await shares(sharing, 'a')).toBe(true)
  expect(await shares(sharing, 'b')).toBe(false)
  expect(await shares(lab.replace('processes: own', 'processes: shared'), 'b')).toBe(true)
  expect(await linesOf(lab.replace('processes: own', 'processes: some'))).toEqual([
    expect.stringContaining('/services/b/simulate/processes: "some" is not known here; known: own, shared'),
  ])
})
