import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadLab } from '#contracts/load-lab.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { faultline } from '../fixtures/scripted-program.ts'

const payment = `asyncapi: 2.6.0
info: { title: Payment Service, version: 1.0.0 }
channels:
  order/placed:
    publish:
      message: { $ref: '#/components/messages/OrderPlaced' }
  payment/done:
    subscribe:
      message:
        oneOf:
          - { $ref: '#/components/messages/PaymentCaptured' }
          - { name: declined, payload: { $ref: './common/money.yaml#/Declined' } }
components:
  messages:
    OrderPlaced:
      payload: { type: object, required: [orderId], properties: { orderId: { type: string } } }
      examples: [{ payload: { orderId: o-17 } }]
    PaymentCaptured: { payload: { $ref: './common/money.yaml#/Captured' } }
`
const money = `
Declined: { type: object, required: [reason], properties: { reason: { $ref: '#/Reason' } } }
Captured: { type: object, required: [cents], properties: { cents: { type: integer, minimum: 1 } } }
Reason: { type: string, enum: [no_money, no_card] }
`
const shipping = `asyncapi: 3.0.0
info: { title: Shipping, version: 1.0.0 }
channels:
  captured:
    address: payment/done
    messages: { PaymentCaptured: { $ref: './common/messages.yaml#/Captured' } }
  labels:
    address: print.label
    messages: { printLabel: { payload: { type: object } }, labelPrinted: { payload: { type: array } } }
operations:
  onCaptured: { action: receive, channel: { $ref: '#/channels/captured' } }
  print:
    action: send
    channel: { $ref: '#/channels/labels' }
    messages: [{ $ref: '#/channels/labels/messages/printLabel' }]
    reply: { channel: { $ref: '#/channels/labels' }, messages: [{ $ref: '#/channels/labels/messages/labelPrinted' }] }
`

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder('import')
  await mkdir(join(folder, 'common'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

const system = {
  'payment.yaml': payment,
  'shipping.yaml': shipping,
  'common/money.yaml': money,
  'common/messages.yaml': "Captured: { payload: { $ref: './money.yaml#/Captured' } }\n",
}

test('documents of two versions become one lab that runs: a service each, with what they share', async () => {
  const folder = await folderWith(system)
  const out = join(folder, 'faultline.yaml')
  const made = await faultline([
    'import',
    'asyncapi',
    join(folder, 'payment.yaml'),
    join(folder, 'shipping.yaml'),
    '--out',
    out,
  ])
  expect(made).toMatchObject({ code: 0, out: `${out} is written` })
  const { name, services, events } = await loadLab(out)
  expect(name).toBe('imported')
  expect(services.map(({ name, receives, sends, body }) => ({ name, receives, sends, kind: body.kind }))).toEqual([
    // Of version 2 they are what others do.
    { name: 'payment-service', receives: ['order_placed'], sends: ['payment_captured', 'declined'], kind: 'simulated' },
    { name: 'shipping', receives: ['payment_captured', 'label_printed'], sends: ['print_label'], kind: 'simulated' },
    { name: 'outside', receives: [], sends: ['order_placed', 'label_printed'], kind: 'source' },
  ])
  expect(Object.fromEntries(events.map(({ name, topic, example }) => [name, { topic, example }]))).toEqual({
    order_placed: { topic: 'order_placed', example: { orderId: 'o-17' } },
    payment_captured: { topic: 'payment_done', example: { cents: 1 } },
    declined: { topic: 'payment_done', example: { reason: 'no_money' } },
    print_label: { topic: 'print_label', example: {} },
    label_printed: { topic: 'print_label', example: {} },
  })
  expect(await readFile(out, 'utf8')).toContain(
    'declined: { asyncapi: ./payment.yaml#/channels/payment~1done/subscribe/message/oneOf/1, topic: payment_done }',
  )
  for (const note of [
    'the application "Payment Service" is the service payment-service',
    'the message "PaymentCaptured" is the event payment_captured',
    'the channel payment/done is the topic payment_done',
    'label_printed may hold any object: its payload is array, and the data of an event is an object',
    'the service outside is added, which sends order_placed, label_printed: no document sends it',
  ])
    expect(made.complaints).toContain(`note: ${note}`)
})

test('with --inline the lab needs no document', async () => {
  const folder = await folderWith(system)
  const made = await faultline(['import', 'asyncapi', join(folder, 'payment.yaml'), '--inline', '--json'])
  const elsewhere = join(await temporaryFolder('import'), 'faultline.yaml')
  await writeFile(elsewhere, JSON.parse(made.out).text)
  const { name, events } = await loadLab(elsewhere)
  expect(name).toBe('payment-service')
  expect(events.find((event) => event.name === 'declined')?.schema).toMatchObject({
    properties: { reason: { $ref: '#/$defs/1-Reason' } },
    $defs: { '1-Reason': { enum: ['no_money', 'no_card'] } },
  })
})

test.each<[string, Record<string, string>, RegExp[]]>([
  [
    'files that are missing and addresses on the network',
    { 'payment.yaml': payment.replace('#/components/messages/OrderPlaced', 'https://example.com/m.yaml#/A') },
    [
      /payment\.yaml:6:24 \/channels\/order~1placed\/publish\/message\/\$ref: https:\/\/example\.com\/m\.yaml#\/A is not a file; save it beside/,
      /payment\.yaml:12:\d+ .*: \.\/common\/money\.yaml is not there; correct the path/,
    ],
  ],
  [
    'references to nothing',
    { 'payment.yaml': payment.replace('messages/OrderPlaced', 'messages/Missing'), 'common/money.yaml': money },
    [/payment\.yaml:6:\d+ .*\$ref: '#\/components\/messages\/Missing' does not exist; correct the reference/],
  ],
  [
    'what the specification does not have, in each document',
    {
      'payment.yaml': payment.replace(', version: 1.0.0', '').replace('subscribe:', 'subscribed:'),
      'common/money.yaml': money,
    },
    [
      /payment\.yaml:2:\d+ \/info: "info" property must have required property "version"; what may be here is at \S+v2\.6\.0/,
      /payment\.yaml:8:\d+ .*Property "subscribed" is not expected to be here/,
    ],
  ],
  ['YAML that is broken', { 'payment.yaml': 'asyncapi: [' }, [/payment\.yaml:1:\d+: /]],
  [
    'another kind of document',
    { 'payment.yaml': 'openapi: 3.0.0\n' },
    [/payment\.yaml:1:1: .*not an AsyncAPI document\. .*; name documents that begin with/],
  ],
  [
    'a document that says nothing of what is sent',
    { 'payment.yaml': 'asyncapi: 3.0.0\ninfo: { title: Empty, version: 1.0.0 }\n' },
    [/payment\.yaml:1:1: no operation is described, .*; describe `operations`/],
  ],
])('%s are reported with place and remedy, and nothing is written', async (_, files, expected) => {
  const folder = await folderWith(files)
  const out = join(folder, 'faultline.yaml')
  const { complaints, code } = await faultline(['import', 'asyncapi', join(folder, 'payment.yaml'), '--out', out])
  expect(code).toBe(2)
  for (const line of expected) expect(complaints).toMatch(line)
  await expect(readFile(out)).rejects.toThrow('ENOENT')
})

test('names that a lab cannot have are changed, and schemas that it cannot use are left out, with a note', async () => {
  const folder = await folderWith({
    'web.yaml': `asyncapi: 3.0.0
info: { title: Web, version: 1.0.0 }
channels:
  a:
    address: null
    messages:
      user.signed-up: { payload: { type: object } }
      UserSignedUp: { payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: { type: object, properties: { a: { type: string, pattern: '(' } } } } }
      avro: { payload: { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: { type: record, name: A, fields: [] } } }
operations:
  o: { action: send, channel: { $ref: '#/channels/a' } }
`,
  })
  const out = join(folder, 'faultline.yaml')
  const { complaints, code } = await faultline([
    'import',
    'asyncapi',
    join(folder, 'web.yaml'),
    '--out',
    out,
    '--name',
    'shop',
  ])
  expect([code, complaints]).toEqual([0, expect.stringContaining('the application "Web" is the service web-service')])
  expect(complaints).toContain('the message "UserSignedUp" is the event user_signed_up_b')
  expect(complaints).toContain(
    'avro may hold any object: its schema is application/vnd.apache.avro;version=1.9.0, which',
  )
  expect(complaints).toMatch(/user_signed_up_b may hold any object: its schema .*pattern/)
  const lab = await loadLab(out)
  expect(lab.name).toBe('shop')
  expect(lab.events.map(({ name }) => name)).toEqual(['user_signed_up', 'user_signed_up_b', 'avro'])
})
