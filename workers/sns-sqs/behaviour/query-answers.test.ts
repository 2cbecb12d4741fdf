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

test('S1 the Query protocol answers in JSON where a request asks for it', async () => {
  const { url, arn } = await simulator.newQueue('q')
  const { pathname } = new URL(url)
  const ask = async (fields: Record<string, string>, path = pathname) => {
    const { status, text } = await simulator.form(fields, path, { Accept: 'application/json' })
    return { status, answer: JSON.parse(text) }
  }
  const metadata = { RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }
  const attributes = await ask({ Action: 'GetQueueAttributes', 'AttributeName.1': 'QueueArn' })
  expect(attributes.answer).toEqual({
    GetQueueAttributesResponse: {
      GetQueueAttributesResult: { Attributes: [{ Name: 'QueueArn', Value: arn }] },
      ResponseMetadata: metadata,
    },
  })
  expect((await ask({ Action: 'ReceiveMessage' })).answer.ReceiveMessageResponse.ReceiveMessageResult).toEqual({
    messages: null,
  })
  const sent = await ask({
    Action: 'SendMessage',
    MessageBody: 'a "b"\r',
    'MessageAttribute.1.Name': 'kind',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': 'x',
  })
  expect(sent.answer.SendMessageResponse.SendMessageResult).toMatchObject({
    MessageId: expect.any(String),
    MD5OfMessageSystemAttributes: null,
    SequenceNumber: null,
  })
  const asked = { 'MessageAttributeName.1': 'All', 'AttributeName.1': 'ApproximateReceiveCount' }
  const received = await ask({ Action: 'ReceiveMessage', ...asked })
  expect(received.answer.ReceiveMessageResponse.ReceiveMessageResult.messages).toEqual([
    {
      Attributes: [{ Name: 'ApproximateReceiveCount', Value: '1' }],
      Body: 'a "b"\r',
      MD5OfBody: sent.answer.SendMessageResponse.SendMessageResult.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.answer.SendMessageResponse.SendMessageResult.MD5OfMessageAttributes,
      MessageAttributes: [{ Name: 'kind', Value: { DataType: 'String', StringValue: 'x' } }],
      MessageId: sent.answer.SendMessageResponse.SendMessageResult.MessageId,
      ReceiptHandle: expect.any(String),
    },
  ])
  const deleted = await ask({ Action: 'PurgeQueue' })
  expect(deleted.answer).toEqual({ PurgeQueueResponse: { ResponseMetadata: metadata } })
  const refused = await ask({ Action: 'ListQueues' })
  expect(refused).toEqual({
    status: 400,
    answer: {
      Error: {
        Code: 'InvalidAction',
        Message: 'The action ListQueues is not valid for this endpoint.',
        Type: 'Sender',
      },
      ...metadata,
    },
  })
})

test('S1 so does SNS, also where the form says ContentType=JSON', async () => {
  const fields = { Version: '2010-03-31', ContentType: 'JSON' }
  const made = JSON.parse((await simulator.form({ ...fields, Action: 'CreateTopic', Name: 't' })).text)
  const { TopicArn } = made.CreateTopicResponse.CreateTopicResult
  const listed = JSON.parse((await simulator.form({ ...fields, Action: 'ListTopics' })).text)
  expect(listed.ListTopicsResponse.ListTopicsResult).toEqual({ NextToken: null, Topics: [{ TopicArn }] })
  const shown = JSON.parse((await simulator.form({ ...fields, Action: 'GetTopicAttributes', TopicArn })).text)
  expect(shown.GetTopicAttributesResponse.GetTopicAttributesResult.Attributes).toMatchObject({ TopicArn })
  const gone = await simulator.form({ ...fields, Action: 'GetTopicAttributes', TopicArn: `${TopicArn}x` })
  expect(gone.status).toBe(404)
  expect(JSON.parse(gone.text).Error).toEqual({ Code: 'NotFound', Message: 'Topic does not exist', Type: 'Sender' })
})

test('S7 a client can ask for the account that it is, as it asks STS', async () => {
  const scope = 'Credential=210987654321/20260102/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=x'
  const headers = { Authorization: `AWS4-HMAC-SHA256 ${scope}` }
  const { status, text } = await simulator.form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }, '/', headers)
  expect(status).toBe(200)
  expect(text).toContain('<Arn>arn:aws:iam::210987654321:root</Arn>')
  expect(text).toContain('<Account>210987654321</Account>')
})
