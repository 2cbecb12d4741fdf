import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../server.ts'

let simulator: Simulator
let sockets: Socket[]

beforeEach(async () => {
  sockets = []
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await simulator.close()
})

/** A connection that keeps all that comes. */
function opened() {
  const socket = connect(simulator.port, '127.0.0.1')
  sockets.push(socket)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => {})
  return {
    socket,
    text: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status),
    bodies: () => [...text.matchAll(/\r\n\r\n(.*?)(?=HTTP\/1\.1 |$)/gs)].map(([, body]) => body),
  }
}

const answers = (connection: ReturnType<typeof opened>, count: number) =>
  expect.poll(() => connection.statuses().length, { timeout: 20_000 }).toBe(count)

function request(action: string, input: object, ...headers: string[]): string {
  const body = JSON.stringify(input)
  const lines = ['Host: localhost', `X-Amz-Target: AmazonSQS.${action}`, ...headers]
  return `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const QueueUrl = 'http://localhost/123456789012/q'

async function withQueue() {
  const connection = opened()
  connection.socket.write(request('CreateQueue', { QueueName: 'q' }))
  await answers(connection, 1)
  return connection
}

const held = () =>
  fetch(`${simulator.url}/_faultline/queues/q/messages`).then(
    async (answer) => ((await answer.json()) as { messages: unknown[] }).messages,
  )

test('an answer has the headers that an HTTP server gives it', async () => {
  const connection = await withQueue()
  const [head = ''] = connection.text().split('\r\n\r\n')
  expect(head.split('\r\n').map((line) => line.replace(/: .*/, ''))).toEqual([
    'HTTP/1.1 200 OK',
    'Content-Type',
    'Content-Length',
    'x-amzn-RequestId',
    'Date',
    'Connection',
    'Keep-Alive',
  ])
  connection.socket.write(request('SendMessage', { QueueUrl: `${QueueUrl}2`, MessageBody: 'a' }))
  await answers(connection, 2)
  expect(connection.text()).toContain('x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\r\n')
  expect(connection.statuses()).toEqual(['200', '400'])
})

test('requests that come in pieces of any size are read, text beyond ASCII too', async () => {
  const connection = await withQueue()
  const bytes = Buffer.from(request('SendMessage', { QueueUrl, MessageBody: 'naïve 🙂' }))
  const bodyStart = bytes.indexOf('\r\n\r\n') + 4
  for (const cut of [bodyStart - 10, bodyStart, bodyStart + 3, bytes.length - 1]) {
    const before = connection.statuses().length
    connection.socket.write(bytes.subarray(0, cut))
    await new Promise((resolve) => setImmediate(resolve))
    connection.socket.write(bytes.subarray(cut))
    await answers(connection, before + 1)
  }
  expect(new Set(connection.statuses())).toEqual(new Set(['200']))
  expect(await held()).toHaveLength(4)
  const reader = opened()
  reader.socket.write(request('ReceiveMessage', { QueueUrl }))
  await answers(reader, 1)
  expect(JSON.parse(reader.bodies()[0] ?? '').Messages[0].Body).toBe('naïve 🙂')
  expect(Number(/Content-Length: (\d+)/.exec(reader.text())?.[1])).toBe(Buffer.byteLength(reader.bodies()[0] ?? ''))
})

test('requests sent ahead are answered one by one in their order, many of them too', async () => {
  const connection = await withQueue()
  const count = 200
  const body = 'x'.repeat(1_000)
  const all = Array.from({ length: count }, (_, index) =>
    request('SendMessage', { QueueUrl, MessageBody: `${index} ${body}` }),
  )
  connection.socket.write(all.join(''))
  await answers(connection, count + 1)
  const messages = (await held()) as { body: string }[]
  expect(messages.slice(0, 100).map((message) => message.body.split(' ')[0])).toEqual(
    Array.from({ length: 100 }, (_, index) => String(index)),
  )
})

test('after a request that is not plain the connection goes on', async () => {
  const connection = await withQueue()
  const input = JSON.stringify({ QueueUrl, MessageBody: 'in chunks' })
  const chunked =
    'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nTransfer-Encoding: chunked\r\n\r\n' +
    `${input.length.toString(16)}\r\n${input}\r\n0\r\n\r\n`
  connection.socket.write(request('SendMessage', { QueueUrl, MessageBody: 'plain' }) + chunked)
  await answers(connection, 3)
  connection.socket.write(request('SendMessage', { QueueUrl, MessageBody: 'plain again' }))
  await answers(connection, 4)
  expect(((await held()) as { body: string }[]).map(({ body }) => body)).toEqual(['plain', 'in chunks', 'plain again'])
})

test.each([
  ['a length twice', request('ListQueues', {}, 'Content-Length: 2'), '400'],
  ['a length and chunks', request('ListQueues', {}, 'Transfer-Encoding: chunked'), '400'],
  ['a line that goes on after a bare one', request('ListQueues', {}, 'A\r\n B: 1'), '400'],
  ['no request at all', 'hello\r\n\r\n', '400'],
  ['a foreign page', request('ListQueues', {}, 'Origin: http://evil.example'), '403'],
])('%s is refused and the connection ended', async (_, text, status) => {
  const connection = opened()
  const closed = once(connection.socket, 'close')
  connection.socket.write(text)
  await closed
  expect(connection.statuses()).toEqual([status])
})

test('the last request of a connection is answered, and an expectation is met', async () => {
  const connection = opened()
  const closed = once(connection.socket, 'close')
  connection.socket.write(request('ListQueues', {}, 'Expect: 100-continue', 'Connection: close'))
  await closed
  expect(connection.statuses()).toEqual(['100', '200'])
})

test('a waiter whose client goes away gives its place to the next', async () => {
  await withQueue()
  const [first, second] = [opened(), opened()]
  first.socket.write(request('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }))
  await once(first.socket, 'connect')
  second.socket.write(request('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }))
  first.socket.end()
  await once(first.socket, 'close')
  const sender = opened()
  sender.socket.write(request('SendMessage', { QueueUrl, MessageBody: 'for the second' }))
  await answers(second, 1)
  expect(second.text()).toContain('for the second')
  expect(first.statuses()).toEqual([])
})

test('a simulator that closes answers what is under way and ends what is idle', async () => {
  const idle = await withQueue()
  const waiting = opened()
  waiting.socket.write(request('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }))
  idle.socket.write(request('ListQueues', {}))
  await answers(idle, 2)
  const closed = Promise.all([once(idle.socket, 'close'), once(waiting.socket, 'close')])
  await Promise.all([closed, simulator.close()])
  expect(waiting.statuses().every((status) => status === '200')).toBe(true)
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' })
})
