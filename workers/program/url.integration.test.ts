import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { processSpanId } from '#contracts/events/span-id.ts'
import { simulatorUnderTest } from '#workers/broker/drivers/sns-sqs.contract.ts'
import { openLabs, startService, until, untilMs } from './fixtures/program-lab.ts'

vi.setConfig({ testTimeout: 2 * untilMs, hookTimeout: untilMs })

let labs: Awaited<ReturnType<typeof openLabs>>
const services: Awaited<ReturnType<typeof startService>>[] = []

beforeAll(async () => {
  const simulator = await simulatorUnderTest()
  labs = await openLabs(simulator, 'local', { AWS_ENDPOINT_URL: simulator.endpoint })
})
afterEach(async () => {
  await labs.closeAll()
  for (const service of services.splice(0)) await service.close()
})
afterAll(() => labs.close())

async function open(answer: Parameters<typeof startService>[0], over: Parameters<typeof labs.open>[1] = {}) {
  const service = await startService(answer)
  services.push(service)
  const lab = await labs.open({ kind: 'url', url: service.url }, over)
  return { ...lab, called: service }
}

test('an event arrives in binary mode, byte for byte, with its trace, its flow and its attempt', async () => {
  const lab = await open((_, response) => response.writeHead(204).end())
  const body = '{"orderId": "é-1", "total": 12345678901234567890.10}'
  const [id = ''] = await lab.place([body], {
    key: 'straße 1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  })
  const [end] = await lab.untilEnded(1)
  expect(end).toMatchObject({ id, attempt: 1, outcome: 'ok' })
  const [request] = lab.called.seen
  expect(request?.body).toBe(body)
  const span = processSpanId({ id, group: lab.service, attempt: 1, receiveCount: 1 })
  expect(request?.headers).toMatchObject({
    ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-type': 'order_placed', 'ce-source': '/faultline/shop-1' },
    ...{ 'ce-partitionkey': 'stra%C3%9Fe%201', 'ce-correlationid': id, 'content-type': 'application/json' },
    ...{ traceparent: `00-${'a'.repeat(32)}-${span}-01`, 'faultline-attempt': '1' },
  })
  expect(request?.headers['ce-time']).toMatch(/^\d{4}-\d\d-\d\dT/)
  expect(request?.headers).not.toHaveProperty('ce-causationid')
})

test('an event in the answer is published before the message is settled, caused by it', async () => {
  const data = '{"orderId":"1","amount":0.30000000000000000001}'
  const lab = await open((_, response) =>
    response
      .writeHead(200, {
        ...{ 'ce-specversion': '1.0', 'ce-id': 'p-1', 'ce-type': 'payment_captured', 'ce-source': '/pay' },
        ...{ 'content-type': 'application/json', 'faultline-effect': 'row charges/1' },
      })
      .end(data),
  )
  const [cause = ''] = await lab.place([{ orderId: '1' }])
  const [sent] = await lab.untilSent(1)
  expect(sent).toMatchObject({
    raw: data,
    envelope: { type: 'payment_captured', key: '1', correlationId: cause, causationId: cause, hops: 1 },
  })
  const [end] = await lab.untilEnded(1)
  expect(end).toMatchObject({ id: cause, outcome: 'ok', reported: 'row charges/1' })
  const kinds = lab.web.records().map(({ kind }) => kind)
  expect(kinds.indexOf('publish.settled')).toBeLessThan(kinds.indexOf('delivery.ended'))
  const attempted = lab.web.records().find(({ kind }) => kind === 'publish.attempted')
  expect(attempted).toMatchObject({ messages: [{ cause: { id: cause, attempt: 1, ordinal: 1 }, givenId: 'p-1' }] })
})

test('a structured event and a batch are published too', async () => {
  const event = (id: string, type: string) => ({
    ...{ specversion: '1.0', id, type, source: '/pay', datacontenttype: 'application/json' },
    data: { orderId: id },
  })
  const lab = await open((_, response, count) => {
    const isBatch = count === 2
    const format = isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json; charset=utf-8'
    const body = isBatch
      ? [event('b-1', 'payment_captured'), event('b-2', 'payment_declined')]
      : event('s-1', 'payment_captured')
    response.writeHead(200, { 'content-type': format }).end(JSON.stringify(body))
  })
  await lab.place([{ orderId: '1' }])
  await lab.untilSent(1)
  await lab.place([{ orderId: '2' }])
  const sent = await lab.untilSent(3)
  expect(sent.map(({ raw }) => JSON.parse(raw).orderId).sort()).toEqual(['b-1', 'b-2', 's-1'])
})

test('a program that refuses binary mode is given structured mode from then on', async () => {
  const lab = await open(({ headers }, response) => {
    const isStructured = headers['content-type']?.startsWith('application/cloudevents+json')
    response.writeHead(isStructured ? 200 : 415).end()
  })
  const body = '{"orderId":"1","total":12345678901234567890.10}'
  const [id] = await lab.place([body])
  await lab.untilEnded(1)
  await lab.place([{ orderId: '2' }])
  const ends = await lab.untilEnded(2)
  expect(ends.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
    ['ok', 1],
    ['ok', 1],
  ])
  const [binary, structured, next] = lab.called.seen
  expect(binary?.headers).toHaveProperty('ce-id', id)
  expect(structured?.headers).not.toHaveProperty('ce-id')
  expect(structured?.body).toContain(`"data":${body}}`)
  expect(JSON.parse(structured?.body ?? '')).toMatchObject({ id, specversion: '1.0', type: 'order_placed' })
  expect(next?.headers['content-type']).toContain('application/cloudevents+json')
})

test('408, 425, 429 and 5xx are another attempt by the policy', async () => {
  const asked = new Map<string, number>()
  const lab = await open(({ body }, response) => {
    const { orderId } = JSON.parse(body)
    asked.set(orderId, (asked.get(orderId) ?? 0) + 1)
    response.writeHead(asked.get(orderId) === 3 ? 200 : Number(orderId)).end('no\nroom')
  })
  const statuses = ['408', '425', '429', '500', '503']
  const ids = await lab.place(statuses.map((orderId) => ({ orderId })))
  const ends = await lab.untilEnded(15)
  for (const [index, id] of ids.entries()) {
    const mine = ends.filter((end) => end.id === id)
    expect(mine.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'error'],
      [2, 'error'],
      [3, 'ok'],
    ])
    expect(mine[0]?.error).toMatchObject({ type: `Http${statuses[index]}`, message: expect.stringMatching(/: no$/) })
    const attempts = lab.called.seen.filter(({ headers }) => headers['ce-id'] === id)
    expect(attempts.map(({ headers }) => headers['faultline-attempt'])).toEqual(['1', '2', '3'])
  }
})

test('Retry-After is the least that is waited, whatever the policy says', async () => {
  const lab = await open((_, response, count) => {
    if (count === 1) response.writeHead(503, { 'retry-after': '2' }).end()
    else response.writeHead(200).end()
  })
  await lab.place([{ orderId: '1' }])
  const [first, second] = await lab.untilEnded(2)
  expect(first?.next).toMatchObject({ state: 'retrying' })
  const due = first?.next?.state === 'retrying' ? first.next.dueAt : 0
  expect(due - (first?.endedAt ?? 0)).toBeGreaterThanOrEqual(2_000)
  expect(second?.outcome).toBe('ok')
})

test('any other 4xx and a redirect are dead letters at once, with what the answer says', async () => {
  const problem = { type: 'https://pay.example/card-expired', title: 'Card expired', detail: 'ended 2024', status: 422 }
  const lab = await open((_, response, count) => {
    if (count === 1)
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    else if (count === 2) response.writeHead(301, { location: 'http://elsewhere.example/' }).end()
    else response.writeHead(404).end('<!doctype html><html><body><h1>Not here</h1></body></html>')
  })
  for (const orderId of ['1', '2', '3']) {
    await lab.place([{ orderId }])
    await lab.untilEnded(Number(orderId))
  }
  await lab.untilSettled(3)
  expect(lab.ends()).toMatchObject([
    { error: { type: problem.type, message: 'Card expired: ended 2024' }, next: { reason: 'non_retryable' } },
    { error: { type: 'Redirected', message: expect.stringContaining('http://elsewhere.example/') } },
    { error: { type: 'Http404', message: '404 Not Found: Not here' } },
  ])
  const { letters } = await lab.broker.deadLetters.list(lab.service, 10)
  expect(letters).toHaveLength(3)
})

test.each([1, 12, 64])('%i requests are in flight at a time, and no more', async (concurrency) => {
  const waiting: (() => void)[] = []
  let most = 0
  let isOpen = false
  const lab = await open(
    (_, response) => {
      waiting.push(() => response.writeHead(200).end())
      most = Math.max(most, waiting.length)
      if (waiting.length === concurrency) isOpen = true
      if (isOpen) for (const answer of waiting.splice(0)) answer()
    },
    { env: { FAULTLINE_CONCURRENCY: String(concurrency) } },
  )
  await lab.place(Array.from({ length: 3 * concurrency }, (_, index) => ({ orderId: String(index) })))
  await lab.untilSettled(3 * concurrency)
  expect(most).toBe(concurrency)
  expect(lab.logs().filter(({ level }) => level === 'error')).toEqual([])
})

test('a url that is away is shown and tried by the policy, and what it missed is delivered when it is back', async () => {
  const lab = await open((_, response) => response.writeHead(200).end(), { policy: { maximumAttempts: 100 } })
  await lab.untilState('up')
  await lab.called.close()
  await lab.place([{ orderId: '1' }])
  const shown = await lab.untilLogged('does not answer')
  expect(shown).toMatchObject({ level: 'warn' })
  expect(lab.replica()?.detail).toContain('does not answer: ')
  const away = await until('the next try', () => lab.replica()?.away)
  expect(away.nextTryAt).toBeGreaterThan(away.since)
  // Every attempt from then on says that nobody is there, though the proxy of the link takes its connection.
  const { error } = await until('an attempt that says so', () =>
    lab.ends().find((end) => end.error?.type === 'ProgramUnreachable'),
  )
  expect(error?.message).toBe(`${new URL(lab.called.url).origin} does not answer: connections are refused or cut`)
  await lab.called.listen(lab.called.port)
  await lab.untilSettled(1)
  await lab.untilLogged('answers again')
  expect(lab.called.seen).toHaveLength(1)
  expect(lab.web.status()?.links.map(({ id }) => id)).toContain(`${lab.service}->url`)
})

test('a url that is away is so before any event comes, and is found again without one', async () => {
  const lab = await open((_, response) => response.writeHead(200).end())
  await lab.untilState('up')
  expect(lab.replica()).not.toHaveProperty('away')
  await lab.called.close()
  const alone = await labs.open({ kind: 'url', url: lab.called.url })
  const { since } = await until('its absence', () => alone.replica()?.away)
  // It stays so: the proxy of its link takes connections all the while.
  await until('a later try', () => (alone.replica()?.away?.nextTryAt ?? 0) > since + 3_000)
  expect(alone.replica()?.away?.since).toBe(since)
  expect(alone.logs().filter(({ message }) => message.includes('answers again'))).toEqual([])
  expect(alone.replica()).toMatchObject({
    state: 'up',
    restarts: 0,
    detail: expect.stringContaining('does not answer'),
  })
  expect(alone.replica()?.detail).not.toContain('/events')
  await lab.called.listen(lab.called.port)
  await until('its return', () => alone.replica()?.state === 'up' && !alone.replica()?.away)
  expect(alone.replica()).not.toHaveProperty('detail')
})

test('a url whose name is not in the environment keeps the service down, with the reason', async () => {
  const lab = await labs.open({ kind: 'url', url: '$FRAUD_URL/events' })
  const { detail } = await lab.untilState('backoff')
  expect(detail).toContain('FRAUD_URL is not set')
})
