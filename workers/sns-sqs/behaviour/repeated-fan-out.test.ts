import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryStore } from '../stores/memory.ts'
import { DeclarationsChanged, type QueueStore } from '../stores/queue-store.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
/** Fan-outs that are refused still, as if another process had declared something. */
let refused = 0

beforeEach(async () => {
  refused = 0
  simulator = await testSimulator({ store: ({ now }) => refusing(memoryStore({ clock: now })) })
})
afterEach(() => simulator.close())

function refusing(store: QueueStore): QueueStore {
  const accept = store.accept.bind(store)
  store.accept = async (messages, basedOn) => {
    if (basedOn !== undefined && refused-- > 0) throw new DeclarationsChanged('another process declared something')
    return accept(messages, basedOn)
  }
  return store
}

const inject = (fault: object) =>
  fetch(`${simulator.url}/_faultline/faults`, { method: 'POST', body: JSON.stringify({ seed: 1, ...fault }) })

test('F3 a leg that was lost stays lost where the publication is fanned out again, and counts once', async () => {
  const { TopicArn } = await simulator.sns.send(new CreateTopicCommand({ Name: 't' }))
  const urls: string[] = []
  for (const name of ['one', 'two']) {
    const { url, arn: Endpoint } = await simulator.newQueue(name)
    urls.push(url)
    await simulator.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }))
  }
  await inject({ type: 'lost-leg', topic: 't', times: 1 })
  refused = 3
  await simulator.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))
  const got = await Promise.all(urls.map(async (url) => (await simulator.receive(url)).length))
  expect([got, refused]).toEqual([[0, 1], -1])
})

test('F3 the same of legs to HTTP endpoints', async () => {
  const { TopicArn } = await simulator.sns.send(new CreateTopicCommand({ Name: 't' }))
  const shown = async () => (await (await fetch(`${simulator.url}/_faultline/sns/deliveries`)).json()).deliveries
  for (const name of ['one', 'two']) {
    const Endpoint = `http://127.0.0.1:9/${name}`
    await simulator.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }))
    const [{ message }] = await shown()
    await fetch(JSON.parse(message).SubscribeURL)
  }
  await inject({ type: 'lost-leg', topic: 't', times: 1 })
  refused = 3
  await simulator.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))
  const notified = (await shown()).filter(({ type }: { type: string }) => type === 'Notification')
  expect(notified.map(({ endpoint }: { endpoint: string }) => endpoint)).toEqual(['http://127.0.0.1:9/two'])
  expect(refused).toBe(-1)
})
