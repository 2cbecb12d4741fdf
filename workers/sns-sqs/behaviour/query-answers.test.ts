import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
beforeEach(async () => {
  simulator = await testSimulator()
})
afterEach(() => simulator.close())

test("S1 a queue's address answers of that queue, not of all", async () => {
  const { url } = await simulator.newQueue('q')
  const { pathname } = new URL(url)
  for (const Action of ['CreateQueue', 'ListQueues']) {
    const { status, text } = await simulator.form({ Action, QueueName: 'r' }, pathname)
    expect(status).toBe(400)
    expect(text).toContain(`<Code>InvalidAction</Code><Message>The action ${Action} is not valid for this endpoint.`)
  }
  const found = await simulator.form({ Action: 'GetQueueUrl', QueueName: 'q' }, pathname)
  expect(found.text).toContain(`<QueueUrl>${url}</QueueUrl>`)
})

test('S1 an answer with nothing in it is one empty element', async () => {
  const { url } = await simulator.newQueue('q')
  const { text } = await simulator.form({ Action: 'ReceiveMessage' }, new URL(url).pathname)
  expect(text).toContain('<ReceiveMessageResult/>')
})

test('S15 in forms the older list of system attributes goes before the newer one', async () => {
  const { url } = await simulator.newQueue('q', { VisibilityTimeout: '0' })
  const { pathname } = new URL(url)
  await simulator.form({ Action: 'SendMessage', MessageBody: 'x' }, pathname)
  const all = { Action: 'ReceiveMessage', 'MessageSystemAttributeName.1': 'All' }
  expect((await simulator.form(all, pathname)).text).toContain('<Name>SentTimestamp</Name>')
  const both = await simulator.form({ ...all, 'AttributeName.1': 'SenderId' }, pathname)
  expect(both.text).toContain('<Name>SenderId</Name>')
  expect(both.text).not.toContain('<Name>SentTimestamp</Name>')
})
