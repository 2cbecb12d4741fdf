import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { changed, checkoutFile, labFolder } from './read-lab-file.fixture.ts'

const { pathOf, labOf, linesOf } = labFolder()
const sends = 'sends: { shipment_sent: { chance: 98%,'
const command = 'command: [python3, payment.py],'

test('a lab file becomes a declaration in which every reference is resolved', async () => {
  const lab = await labOf(checkoutFile)
  expect(lab).toMatchObject({ name: 'checkout', file: pathOf('faultline.yaml'), hopLimit: 32 })
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
        directory: pathOf('payment'),
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

test('a built-in service that sends is given the data, and promises a single effect like one that does not', async () => {
  const lab = await labOf(
    changed(
      '[order_placed, shipment_sent], builtin: database',
      '[order_placed], sends: [row_written], builtin: database',
    ).replace('events:', 'events:\n  row_written: { example: { orderId: x, by: lab } }'),
  )
  expect(lab.services.at(-1)).toMatchObject({
    ...{ sends: ['row_written'], idempotent: true },
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
  expect(await labOf(checkoutFile)).toEqual(await labOf(checkoutFile))
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

test('numbers of examples and schemas keep every digit, inline and in a file; where they cannot, the file is refused', async () => {
  await writeFile(pathOf('large.json'), '{ "orderId": "a", "total": 820000000000000508 }')
  const inline = '{ type: object, maxProperties: 9, properties: { total: { maximum: 820000000000000509 } } }'
  const { events } = await labOf(
    changed('{ schema: ./order.json, key: orderId }', `{ schema: ${inline}, example: ./large.json, key: orderId }`),
  )
  expect(events[0]?.exact).toEqual({
    schema: '{"type":"object","maxProperties":9,"properties":{"total":{"maximum":820000000000000509}}}',
    example: '{"orderId":"a","total":820000000000000508}',
  })
  expect(events[0]?.example).toEqual({ orderId: 'a', total: Number('820000000000000508') })
  expect(events[1]?.exact).toBeUndefined()
  expect(await linesOf(changed('"{{data.orderId}}"', '820000000000000508'))).toEqual([
    expect.stringContaining(
      '/services/warehouse/simulate/sends/shipment_sent/data: has a number of more digits than a simulated service keeps; write it as text',
    ),
  ])
})
