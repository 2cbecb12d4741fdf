import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Journey } from '#contracts/api/journey.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { type Simulator, startSimulator } from '#workers/sns-sqs/server.ts'
import { createQueueService, type QueueService } from '../queues/queue-service.ts'
import { startForeignSqs } from './fixtures/foreign-sqs.ts'
import { openQueueApi } from './fixtures/queue-api.ts'

const lab = { queues: new Set(['orders', 'orders-dead-letters']), topics: new Set(['order_placed']) }
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const queueArn = (name: string, region = 'us-east-1') => `arn:aws:sqs:${region}:123456789012:${name}`

let simulator: Simulator
let queueService: QueueService
let changes: Pick<EventLogEntry, 'level' | 'message'>[]
let endpoint: string | undefined
let broker: BrokerName
const journeys: Record<string, Journey> = {}

async function open() {
  queueService = createQueueService({
    broker: () => broker,
    accessOf: (name) => (name === 'kafka' ? 'Kafka has no queues' : { endpoint, region: 'us-east-1', credentials }),
    lab: () => lab,
    journey: (id) => journeys[id],
    newest: (topic) => Object.values(journeys).filter((one) => one.topic === topic),
    onChanged: (message, level) => void changes.push({ message, level }),
  })
  return openQueueApi(queueService)
}

describe('/api/queues', () => {
  let app: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
    endpoint = simulator.url
    broker = 'local'
    changes = []
    app = await open()
  })
  afterEach(async () => {
    queueService.close()
    await app.close()
    await simulator.close()
  })

  const call = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) => {
    const answer = await app.inject({ method, url: `/api/queues${url}`, ...(payload === undefined ? {} : { payload }) })
    return { status: answer.statusCode, body: answer.json() }
  }
  const make = async (name: string, kind = 'queue') => (await call('POST', '', { kind, name })).body.arn as string
  const peek = (arn: string, more = '') => call('GET', `/messages?arn=${encodeURIComponent(arn)}${more}`)

  it('lists what there is, marks what is the lab’s, and says which queue takes whose dead letters', async () => {
    const orders = await make('orders')
    const letters = await make('orders-dead-letters')
    const other = await make('other.fifo')
    const topic = await make('order_placed', 'topic')
    await call('PUT', '/attributes', {
      arn: orders,
      attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: letters, maxReceiveCount: 4 }) },
    })
    await call('POST', '', { kind: 'subscription', topicArn: topic, queueArn: orders, filterPolicy: '{"a":["b"]}' })
    await call('POST', '/send', { arn: orders, body: 'one' })
    const elsewhere = new SQSClient({ endpoint: endpoint ?? '', region: 'eu-west-1', credentials })
    await elsewhere.send(new CreateQueueCommand({ QueueName: 'orders' }))
    elsewhere.destroy()

    const { status, body } = await call('GET', '')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      broker: 'local',
      service: 'simulator',
      endpoint,
      truncated: false,
      queues: [
        { arn: queueArn('orders', 'eu-west-1'), region: 'eu-west-1', lab: false, visible: 0 },
        { arn: orders, lab: true, fifo: false, visible: 1, deadLetterQueue: letters, maxReceiveCount: 4 },
        { arn: letters, lab: true, deadLettersOf: [orders] },
        { arn: other, lab: false, fifo: true },
      ],
      topics: [{ arn: topic, lab: true, subscriptions: 1 }],
      subscriptions: [{ endpoint: orders, lab: true, raw: true, filterPolicy: '{"a":["b"]}' }],
    })
    expect(body.queues[1].oldestMs).toBeGreaterThanOrEqual(0)
    expect(changes.map(({ message }) => message)).toContain('orders: set RedrivePolicy')
  })

  it('peeks in pages without touching counts, and names the message of the lab', async () => {
    const arn = await make('orders')
    for (const id of ['producer-1:1:order_placed:1', 'x', 'y'])
      await call('POST', '/send', {
        arn,
        body: id,
        attributes: { ce_id: { DataType: 'String', StringValue: id } },
      })
    const first = await peek(arn, '&limit=2')
    expect(first.body).toMatchObject({
      total: 3,
      visible: 3,
      inFlight: 0,
      more: true,
      items: [
        {
          body: 'producer-1:1:order_placed:1',
          receives: 0,
          state: 'visible',
          labMessageId: 'producer-1:1:order_placed:1',
        },
        { body: 'x', state: 'visible' },
      ],
    })
    expect((await peek(arn, '&limit=2&offset=2')).body).toMatchObject({ items: [{ body: 'y' }], more: false })
    expect((await peek(arn, '&limit=2')).body).toEqual(first.body)
    expect((await peek(arn, '&limit=51')).body.code).toBe('invalid_query')
    expect((await peek(queueArn('none'))).body.code).toBe('unknown_queue')
    expect((await peek('orders')).body.code).toBe('unknown_queue')
  })

  it('shows what is in flight and what is delayed', async () => {
    const arn = await make('q')
    await call('POST', '/send', { arn, body: 'now' })
    await call('POST', '/send', { arn, body: 'later', delaySeconds: 600 })
    const sqs = new SQSClient({ endpoint: endpoint ?? '', region: 'us-east-1', credentials })
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: `${endpoint}/123456789012/q` }))
    sqs.destroy()
    const { items } = (await peek(arn)).body
    expect(items).toMatchObject([
      { body: 'now', state: 'in-flight', receives: 1 },
      { body: 'later', state: 'delayed', receives: 0 },
    ])
    expect(items[1].visibleInMs).toBeGreaterThan(500_000)
  })

  it('answers with AWS’s own words at the field that they are about', async () => {
    const arn = await make('q')
    const wrong = await call('PUT', '/attributes', { arn, attributes: { VisibilityTimeout: '-1', DelaySeconds: '1' } })
    expect(wrong).toMatchObject({
      status: 422,
      body: { code: 'queue_refused', errors: [{ path: '/attributes/VisibilityTimeout' }] },
    })
    const { body } = await call('GET', `/attributes?arn=${encodeURIComponent(arn)}`)
    expect(body.attributes).toMatchObject({ VisibilityTimeout: '30', DelaySeconds: '0' })
    expect(await call('POST', '/send', { arn, body: '' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/body' }] },
    })
    expect(await call('POST', '', { kind: 'queue', name: 'a b' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/name' }] },
    })
    const topic = await make('t', 'topic')
    const made = await call('POST', '', { kind: 'subscription', topicArn: topic, queueArn: arn })
    const policy = await call('PUT', '/attributes', {
      arn: made.body.arn,
      attributes: { FilterPolicy: '{"a":[{"numeric":["<"]}]}' },
    })
    expect(policy).toMatchObject({ status: 422, body: { errors: [{ path: '/attributes/FilterPolicy' }] } })
  })

  it('replaces tags', async () => {
    for (const arn of [await make('q'), await make('t', 'topic')]) {
      await call('PUT', '/tags', { arn, tags: { team: 'a', gone: 'x' } })
      expect((await call('PUT', '/tags', { arn, tags: { team: 'b' } })).body.tags).toEqual({ team: 'b' })
    }
  })

  it('purges and deletes only what was confirmed', async () => {
    const arn = await make('orders')
    await call('POST', '/send', { arn, body: 'one' })
    expect((await call('POST', '/purge', { arn })).body).toEqual({ state: 'dry_run', messages: 1, lab: true })
    await call('POST', '/send', { arn, body: 'two' })
    expect(await call('POST', '/purge', { arn, confirm: 1 })).toMatchObject({
      status: 409,
      body: { code: 'queue_changed' },
    })
    expect((await peek(arn)).body.total).toBe(2)
    expect((await call('POST', '/purge', { arn, confirm: 2 })).body).toMatchObject({ state: 'done', messages: 2 })
    expect((await peek(arn)).body.total).toBe(0)
    expect(changes.at(-1)).toEqual({ message: 'orders: purged, 2 messages with it', level: 'warn' })
    expect((await call('POST', '/delete', { arn, confirm: 0 })).body.state).toBe('done')
    expect((await call('GET', '')).body.queues).toEqual([])
    expect((await call('POST', '/delete', { arn, confirm: 0 })).body.code).toBe('unknown_queue')
  })

  it('moves dead letters at a rate, shows how far, and stops', async () => {
    const [arn, letters] = [await make('q'), await make('q-dead')]
    const refused = await call('POST', '/moves', { source: letters })
    expect(refused.body.code).toBe('queue_refused')
    const policy = JSON.stringify({ deadLetterTargetArn: letters, maxReceiveCount: 1 })
    await call('PUT', '/attributes', { arn, attributes: { RedrivePolicy: policy } })
    for (let sent = 0; sent < 5; sent++) await call('POST', '/send', { arn: letters, body: String(sent) })
    const { status, body } = await call('POST', '/moves', { source: letters, destination: arn, perSecond: 1 })
    expect(status).toBe(202)
    const moves = async () => (await call('GET', `/moves?arn=${encodeURIComponent(letters)}`)).body.items
    expect(await moves()).toMatchObject([{ state: 'RUNNING', task: body.task, perSecond: 1, destination: arn }])
    const cancelled = await call('POST', '/moves/cancel', { source: letters, task: body.task })
    expect(cancelled.status).toBe(200)
    expect(['CANCELLING', 'CANCELLED']).toContain((await moves())[0].state)
    expect(changes.at(-1)?.message).toContain('the move was stopped')
  })

  it('explains a message of the lab and one that is written down', async () => {
    const arn = await make('orders')
    const topic = await make('order_placed', 'topic')
    const filterPolicy = JSON.stringify({ ce_type: ['order_paid', { prefix: 'user_' }] })
    const made = await call('POST', '', { kind: 'subscription', topicArn: topic, queueArn: arn, filterPolicy })
    const subscriptionArn = made.body.arn
    const id = 'producer-1:1:order_placed:1'
    const headers = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`h${at}`, 'x']))
    journeys[id] = {
      ...{ id, type: 'order_placed', topic: 'order_placed', broker: 'local', payload: {}, raw: '{}', obligations: [] },
      logs: [],
      headers: { ...headers, ce_type: 'order_placed', 'content-type': 'a', ce_source: 'b', ce_specversion: '1.0' },
      publish: { state: 'acked', attemptedAt: '2026-01-02T03:04:05Z', ackedAt: '2099-01-02T03:04:05Z', ref: 'sns-1' },
    }
    const { body } = await call('POST', '/explain', { subscriptionArn, labMessageId: id })
    expect(body).toMatchObject({
      passes: false,
      filter: { keys: [{ key: 'ce_type', found: ['order_placed'], passes: false }] },
    })
    const otherTopic = await make('order_paid', 'topic')
    const other = await call('POST', '', { kind: 'subscription', topicArn: otherTopic, queueArn: arn })
    expect((await call('POST', '/explain', { subscriptionArn: other.body.arn, labMessageId: id })).body).toMatchObject({
      passes: false,
      steps: [{ code: 'other-topic', verdict: 'stops', text: expect.stringContaining('published to order_placed') }],
    })
    const tried = await call('POST', '/explain', {
      subscriptionArn,
      labMessageId: id,
      filterPolicy: '{"ce_type":["order_placed"]}',
    })
    expect(tried.body.passes).toBe(true)
    const policy = await call('POST', '/try', { subscriptionArn, filterPolicy: '{"ce_type":["order_placed"]}' })
    expect(policy.body).toEqual({
      ...{ topic: 'order_placed', judged: 1, passNow: 0, passThen: 1 },
      ...{ gained: { count: 1, ids: [id] }, lost: { count: 0, ids: [] } },
    })
    expect(await call('POST', '/try', { subscriptionArn, filterPolicy: '[]' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/filterPolicy' }] },
    })
    const unknown = await call('POST', '/try', { subscriptionArn: `${subscriptionArn}x`, filterPolicy: '' })
    expect(unknown.body.code).toBe('unknown_queue')
    const attributes = { ce_type: { DataType: 'String', StringValue: 'user_made' } }
    expect((await call('POST', '/explain', { subscriptionArn, body: '{}', attributes })).body.passes).toBe(true)
    const wrong = await call('POST', '/explain', { subscriptionArn, body: '{}', filterPolicy: '[]' })
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: '/filterPolicy' }] } })
    expect((await call('POST', '/explain', { subscriptionArn })).body.code).toBe('invalid_body')
    expect((await call('POST', '/explain', { subscriptionArn, labMessageId: 'none' })).body.code).toBe(
      'unknown_message',
    )
    expect((await call('POST', '/explain', { subscriptionArn: `${subscriptionArn}x`, body: '{}' })).body.code).toBe(
      'unknown_queue',
    )
  })

  it('says why there are no queues on another broker, and when nobody answers', async () => {
    broker = 'kafka'
    expect((await call('GET', '')).body).toMatchObject({ service: 'none', reason: 'Kafka has no queues', queues: [] })
    expect(await peek(queueArn('q'))).toMatchObject({ status: 409, body: { code: 'queues_not_here' } })
    broker = 'local'
    endpoint = 'http://127.0.0.1:1'
    const down = await call('GET', '')
    expect(down).toMatchObject({ status: 503, body: { code: 'broker_down' } })
    expect(down.body.detail).not.toMatch(/ECONNREFUSED|fetch failed/)
  })

  it('only reads what is not the simulator', async () => {
    const other = await startForeignSqs(simulator.url)
    const arn = await make('orders')
    endpoint = other.url
    try {
      expect((await call('GET', '')).body).toMatchObject({
        service: 'read-only',
        reason: expect.stringContaining('a peek would count as a receive'),
        queues: [{ arn, visible: 0 }],
      })
      expect((await call('GET', `/attributes?arn=${encodeURIComponent(arn)}`)).body.attributes.QueueArn).toBe(arn)
      for (const refused of [
        await peek(arn),
        await call('POST', '/send', { arn, body: 'x' }),
        await call('POST', '/purge', { arn, confirm: 0 }),
        await call('PUT', '/attributes', { arn, attributes: { DelaySeconds: '1' } }),
      ])
        expect(refused).toMatchObject({ status: 409, body: { code: 'queues_read_only' } })
    } finally {
      other.close()
    }
  })
})
