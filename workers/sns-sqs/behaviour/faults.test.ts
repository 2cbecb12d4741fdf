import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chanceOf } from '../faults/chance.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
let url: string
beforeEach(async () => {
  simulator = await testSimulator()
  url = (await simulator.newQueue('q')).url
})
afterEach(() => simulator.close())

const call = async (method: string, path = '', body?: object) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const answer = await fetch(`${simulator.url}/_faultline/faults${path}`, init)
  return { status: answer.status, body: await answer.json() }
}
const inject = (fault: object) => call('POST', '', { seed: 1, ...fault })
const send = (MessageBody = 'x', QueueUrl = url) =>
  simulator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))
const bodies = async (more: object = {}) => (await simulator.receive(url, more)).map(({ Body }) => Body)
const held = async () => (await simulator.attributesOf(url)).ApproximateNumberOfMessages

describe('faults per message', () => {
  test('F1 a duplicate is delivered under the same id while the first is in flight', async () => {
    await inject({ type: 'duplicate-delivery', queue: 'q', times: 1 })
    await send()
    const [first] = await simulator.receive(url)
    const [second] = await simulator.receive(url)
    expect([second?.MessageId, second?.ReceiptHandle === first?.ReceiptHandle]).toEqual([first?.MessageId, false])
    expect(await bodies()).toEqual([])
  })

  test('F1 each message is delivered once more, and its copy is not copied', async () => {
    await inject({ type: 'duplicate-delivery' })
    await send()
    expect([await bodies(), await bodies(), await bodies()]).toEqual([['x'], ['x'], []])
    expect(await held()).toBe('0')
    await send()
    expect([await bodies(), await bodies(), await bodies()]).toEqual([['x'], ['x'], []])
  })

  test('F1 a FIFO queue delivers it again, and keeps its order', async () => {
    const fifo = await simulator.newQueue('f.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
    await inject({ type: 'duplicate-delivery', times: 1 })
    for (const MessageBody of ['1', '2']) {
      await simulator.sqs.send(new SendMessageCommand({ QueueUrl: fifo.url, MessageBody, MessageGroupId: 'g' }))
    }
    const take = async () => (await simulator.receive(fifo.url, { MaxNumberOfMessages: 1 })).map(({ Body }) => Body)
    expect([await take(), await take()]).toEqual([['1'], ['1']])
  })

  test('F2 visibility ends early', async () => {
    await inject({ type: 'early-expiry', queue: 'q', times: 1 })
    await send()
    expect(await bodies({ VisibilityTimeout: 600 })).toEqual(['x'])
    expect(await bodies({ VisibilityTimeout: 600 })).toEqual(['x'])
    expect(await bodies()).toEqual([])
  })

  test('F3 one leg of a fan-out is lost, the other is not', async () => {
    const other = await simulator.newQueue('other')
    const { TopicArn } = await simulator.sns.send(new CreateTopicCommand({ Name: 't' }))
    for (const queue of ['q', 'other']) {
      const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${queue}`
      await simulator.sns.send(
        new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
      )
    }
    await inject({ type: 'lost-leg', topic: 't', queue: 'other' })
    await simulator.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))
    expect([await bodies(), await simulator.receive(other.url)]).toEqual([['x'], []])
  })

  test('F4 delivery is delayed, and messages are held back behind later ones', async () => {
    await inject({ type: 'delayed-delivery', queue: 'q', afterMs: 5_000, times: 1 })
    await send('late')
    await send('early')
    expect(await bodies()).toEqual(['early'])
    await simulator.advance(5_000)
    expect(await bodies()).toEqual(['late'])
    await inject({ type: 'reorder', queue: 'q', afterMs: 10_000, times: 1 })
    await send('held')
    await send('next')
    expect(await bodies()).toEqual(['next'])
    await simulator.advance(10_000)
    expect(await bodies()).toEqual(['held'])
  })

  test('F5 carried out and not answered', async () => {
    await inject({ type: 'no-answer', action: 'SendMessage', times: 1 })
    await expect(send()).rejects.toThrow()
    expect(await held()).toBe('1')
  })

  test.each([
    [{ type: 'error' }, 'InternalFailure', 500],
    [{ type: 'error', status: 503 }, 'ServiceUnavailable', 503],
    [{ type: 'throttle' }, 'RequestThrottled', 403],
    [{ type: 'over-limit' }, 'OverLimit', 403],
  ])('F6 refused before anything is done: %j', async (fault, name, httpStatusCode) => {
    await inject({ ...fault, action: 'SendMessage' })
    await expect(send()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } })
    expect(await held()).toBe('0')
  })

  test('F6 of SNS the throttling has its name', async () => {
    await inject({ type: 'throttle' })
    const answer = await simulator.form({ Action: 'ListTopics' })
    expect([answer.status, answer.text]).toEqual([429, expect.stringContaining('<Code>Throttled</Code>')])
  })

  test('F7 some entries of a batch fail, the others are done', async () => {
    await inject({ type: 'partial-batch', queue: 'q', times: 2 })
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }))
    const { Successful = [], Failed = [] } = await simulator.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries }),
    )
    expect(Successful.map(({ Id }) => Id)).toEqual(['c'])
    expect(Failed.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault])).toEqual([
      ['a', 'InternalError', false],
      ['b', 'InternalError', false],
    ])
    expect(await bodies()).toEqual(['c'])
  })

  test('F8 an answer is slow', async () => {
    await inject({ type: 'slow-answer', action: 'SendMessage', afterMs: 300, times: 1 })
    const first = send('slow').then(() => 'slow')
    expect(await Promise.race([first, simulator.attributesOf(url).then(() => 'other')])).toBe('other')
    expect(await first).toBe('slow')
  })
})

describe('faults as such', () => {
  test('F9 are listed with their hits, healed one by one and all, and end by themselves', async () => {
    const { body, status } = await inject({ type: 'throttle', queue: 'q', forMs: 60_000 })
    expect(status).toBe(201)
    await expect(send()).rejects.toThrow()
    expect((await call('GET')).body.faults).toMatchObject([
      { id: body.fault.id, type: 'throttle', percent: 100, hits: 1 },
    ])
    expect((await call('DELETE', `/${body.fault.id}`)).status).toBe(200)
    expect((await call('DELETE', `/${body.fault.id}`)).status).toBe(404)
    await send()
    await inject({ type: 'throttle', forMs: 60_000 })
    await simulator.advance(60_000)
    await send()
    await inject({ type: 'error' })
    await call('DELETE')
    expect((await call('GET')).body.faults).toEqual([])
  })

  test('F10 what is wrong with one is said, and there is a bound', async () => {
    const wrong = await inject({ type: 'nothing', percent: 0, why: 1 })
    expect([wrong.status, wrong.body.error]).toEqual([
      400,
      expect.stringMatching(/type must be.*why is not a setting.*percent/),
    ])
    for (let n = 0; n < 50; n++) expect((await inject({ type: 'error', queue: 'none' })).status).toBe(201)
    expect((await inject({ type: 'error' })).body.error).toContain('at most 50')
  })

  test('F11 the same seed makes the same choices, a percentage is one', async () => {
    const strikes = (seed: number) => {
      const chance = chanceOf(seed)
      return Array.from({ length: 1_000 }, () => chance() * 100 < 30)
    }
    expect(strikes(7)).toEqual(strikes(7))
    expect(strikes(7)).not.toEqual(strikes(8))
    const share = strikes(7).filter(Boolean).length
    expect(share).toBeGreaterThan(250)
    expect(share).toBeLessThan(350)
  })
})
