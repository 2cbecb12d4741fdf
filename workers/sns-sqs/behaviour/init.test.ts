import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListSubscriptionsCommand, PublishCommand } from '@aws-sdk/client-sns'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { readInitFile } from '../init.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator | undefined
afterEach(async () => {
  await simulator?.close()
  simulator = undefined
})

async function fileWith(text: string, name = 'queues.yaml'): Promise<string> {
  const path = join(await temporaryFolder('init'), name)
  writeFileSync(path, text)
  return path
}

test('S70 queues, topics and subscriptions of a start file exist at the start', async () => {
  const init = readInitFile(
    await fileWith(`
queues:
  orders:
    attributes: { VisibilityTimeout: 5 }
    tags: { team: a }
    deadLetters: { queue: orders-dead, after: 3 }
  orders-dead:
  pay.fifo: { attributes: { ContentBasedDeduplication: true } }
topics:
  events:
    subscriptions:
      - { queue: orders, raw: true, filter: { kind: [order] } }
  pay.fifo:
`),
  )
  const started = await testSimulator({ init })
  simulator = started
  const url = `${started.url}/123456789012/orders`
  expect(await started.attributesOf(url)).toMatchObject({
    VisibilityTimeout: '5',
    RedrivePolicy: expect.stringContaining('orders-dead'),
  })
  expect((await started.attributesOf(`${started.url}/123456789012/pay.fifo`)).ContentBasedDeduplication).toBe('true')
  const TopicArn = 'arn:aws:sns:us-east-1:123456789012:events'
  const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } })
  await started.sns.send(new PublishCommand({ TopicArn, Message: 'a', MessageAttributes: kind('order') }))
  await started.sns.send(new PublishCommand({ TopicArn, Message: 'b', MessageAttributes: kind('other') }))
  expect((await started.receive(url)).map(({ Body }) => Body)).toEqual(['a'])
  expect((await started.sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toHaveLength(1)
})

test('S70 JSON is read too', async () => {
  const init = readInitFile(await fileWith('{"queues":{"a":null}}', 'queues.json'))
  simulator = await testSimulator({ init })
  expect((await simulator.newQueue('a')).arn).toMatch(/:a$/)
})

test('S71 what is wrong with a start file is said, and nothing starts', async () => {
  const wrong = await fileWith('queues: { a: { colour: red } }\ntopic: {}')
  expect(() => readInitFile(wrong)).toThrow(/colour[\s\S]*topic|topic[\s\S]*colour/)
  const broken = await fileWith('queues: [')
  expect(() => readInitFile(broken)).toThrow(/queues.yaml/)
  const init = readInitFile(await fileWith('queues: { a: { attributes: { DelaySeconds: 901 } } }'))
  await expect(testSimulator({ init })).rejects.toThrow(/the queue a of the start file.*DelaySeconds/)
})
