import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callJson, element } from './protocols.contract.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
beforeEach(async () => {
  simulator = await testSimulator()
})
afterEach(() => simulator.close())
const json = (target: string, body: unknown) => callJson(simulator, target, body)

describe('errors', () => {
  test.each([
    [
      'GetQueueUrl',
      { QueueName: 'none' },
      400,
      'com.amazonaws.sqs#QueueDoesNotExist',
      'AWS.SimpleQueueService.NonExistentQueue;Sender',
    ],
    [
      'SendMessage',
      { QueueUrl: '/123456789012/q' },
      400,
      'com.amazon.coral.service#MissingRequiredParameterException',
      'MissingParameter;Sender',
    ],
    [
      'CreateQueue',
      { QueueName: 'no spaces' },
      400,
      'com.amazon.coral.service#InvalidParameterValueException',
      'InvalidParameterValue;Sender',
    ],
    [
      'CreateQueue',
      { QueueName: 'x', Attributes: { Nothing: '1' } },
      400,
      'com.amazonaws.sqs#InvalidAttributeName',
      'InvalidAttributeName;Sender',
    ],
    [
      'CreateQueue',
      { QueueName: 'x', Attributes: { DelaySeconds: '-1' } },
      400,
      'com.amazonaws.sqs#InvalidAttributeValue',
      'InvalidAttributeValue;Sender',
    ],
    [
      'CreateQueue',
      { QueueName: 'q', Attributes: { DelaySeconds: '1' } },
      400,
      'com.amazonaws.sqs#QueueNameExists',
      'QueueAlreadyExists;Sender',
    ],
    [
      'DeleteMessage',
      { QueueUrl: '/123456789012/q', ReceiptHandle: 'x' },
      404,
      'com.amazonaws.sqs#ReceiptHandleIsInvalid',
      'ReceiptHandleIsInvalid;Sender',
    ],
    [
      'ReceiveMessage',
      { QueueUrl: '/123456789012/q', MaxNumberOfMessages: 11 },
      400,
      'com.amazon.coral.service#InvalidParameterValueException',
      'InvalidParameterValue;Sender',
    ],
    [
      'SendMessageBatch',
      { QueueUrl: '/123456789012/q', Entries: [] },
      400,
      'com.amazonaws.sqs#EmptyBatchRequest',
      'AWS.SimpleQueueService.EmptyBatchRequest;Sender',
    ],
    ['Nothing', {}, 400, 'com.amazon.coral.service#UnknownOperationException', 'InvalidAction;Sender'],
    ['SendMessage', '[1]', 400, 'com.amazon.coral.service#SerializationException', 'MalformedInput;Sender'],
    [
      'SendMessage',
      { QueueUrl: '/123456789012/q', MessageBody: { a: 1 } },
      400,
      'com.amazon.coral.service#SerializationException',
      'MalformedInput;Sender',
    ],
    [
      'StartMessageMoveTask',
      { SourceArn: 'arn:aws:sqs:us-east-1:123456789012:none' },
      404,
      'com.amazonaws.sqs#ResourceNotFoundException',
      'ResourceNotFoundException;Sender',
    ],
  ])('S4 %s with %j', async (target, body, status, type, query) => {
    await simulator.newQueue('q')
    const answer = await json(target, body)
    expect([answer.status, answer.body.__type, answer.headers.get('x-amzn-query-error')]).toEqual([status, type, query])
    expect(answer.body.message).toMatch(/\S/)
    expect(answer.headers.get('x-amzn-RequestId')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('S4 the same in XML, with the older code', async () => {
    const answer = await simulator.form({ Action: 'GetQueueUrl', QueueName: 'none', Version: '2012-11-05' })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>')
    expect(answer.text).toContain('The specified queue does not exist for this wsdl version.')
    expect(answer.text).toContain('<Detail/>')
    const missing = await simulator.form({ QueueName: 'x' })
    expect([missing.status, element(missing.text, 'Code')]).toEqual([400, 'MissingAction'])
  })

  test('S5 deep JSON and form bombs are refused, and cost little', async () => {
    const { url } = await simulator.newQueue('q')
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    expect((await json('SendMessage', deep)).status).toBe(400)
    expect(
      (await json('SendMessage', `{"QueueUrl":"${url}","MessageBody":"x","MessageAttributes":${deep}}`)).status,
    ).toBe(400)
    const bomb = await fetch(simulator.url, {
      method: 'POST',
      body: Array.from({ length: 20_000 }, (_, n) => `k${n}.a=1`).join('&'),
    })
    expect(bomb.status).toBe(400)
    const nested = await fetch(simulator.url, { method: 'POST', body: `Action=SendMessage&${'a.'.repeat(5_000)}b=1` })
    expect(nested.status).toBe(400)
  })
})
