import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { element } from './protocols.contract.ts'
import { type TestSimulator, testSimulator } from './simulator.contract.ts'

let simulator: TestSimulator
beforeEach(async () => {
  simulator = await testSimulator()
})
afterEach(() => simulator.close())

describe('the Query protocol of SQS', () => {
  test('S1 a queue lives by forms: made, sent to, received from with attributes, deleted', async () => {
    const made = await simulator.form({
      Action: 'CreateQueue',
      QueueName: 'q',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '7',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'a',
    })
    expect(made.text).toContain('<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">')
    const url = element(made.text, 'QueueUrl') ?? ''
    expect(url).toBe(`${simulator.url}/123456789012/q`)
    const path = new URL(url).pathname
    const sent = await simulator.form(
      {
        Action: 'SendMessage',
        MessageBody: 'a <b> & "c"',
        'MessageAttribute.1.Name': 'kind',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'x',
      },
      path,
    )
    const got = await simulator.form({
      Action: 'ReceiveMessage',
      'MessageAttributeName.1': 'All',
      'AttributeName.1': 'All',
      QueueUrl: url,
    })
    expect(element(got.text, 'Body')).toBe('a &lt;b&gt; &amp; &quot;c&quot;')
    expect(element(got.text, 'MessageId')).toBe(element(sent.text, 'MessageId'))
    expect(element(got.text, 'MD5OfMessageAttributes')).toBe(element(sent.text, 'MD5OfMessageAttributes'))
    expect(got.text).toContain('<MessageAttribute><Name>kind</Name><Value><DataType>String</DataType><StringValue>x')
    expect(got.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>')
    const deleted = await simulator.form(
      { Action: 'DeleteMessage', ReceiptHandle: element(got.text, 'ReceiptHandle') ?? '' },
      path,
    )
    expect(deleted.text).toMatch(/<DeleteMessageResponse xmlns="[^"]+"><ResponseMetadata><RequestId>/)
    const attributes = await fetch(`${simulator.url}${path}?Action=GetQueueAttributes&AttributeName.1=All`)
    const text = await attributes.text()
    expect(text).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>7</Value></Attribute>')
    expect(text).toContain('<Attribute><Name>ApproximateNumberOfMessagesNotVisible</Name><Value>0</Value></Attribute>')
    expect(attributes.headers.get('x-amzn-RequestId')).toBe(element(text, 'RequestId'))
  })

  test('S1 batches are flat lists, with entries that failed beside those that did not', async () => {
    await simulator.newQueue('q')
    const answer = await simulator.form(
      {
        Action: 'SendMessageBatch',
        'SendMessageBatchRequestEntry.1.Id': 'a',
        'SendMessageBatchRequestEntry.1.MessageBody': 'one',
        'SendMessageBatchRequestEntry.2.Id': 'b',
        'SendMessageBatchRequestEntry.2.MessageBody': 'two',
        'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
      },
      '/123456789012/q',
    )
    expect(answer.text).toContain('<SendMessageBatchResultEntry><Id>a</Id>')
    expect(answer.text).toContain('<BatchResultErrorEntry><Id>b</Id><Code>InvalidParameterValue</Code>')
    expect(answer.text).toContain('<SenderFault>true</SenderFault>')
  })

  test('S2 a signed GET does what its action does, by header or presigned, but not from a web page', async () => {
    await simulator.newQueue('q')
    const path = `${simulator.url}/123456789012/q?Action=SendMessage&MessageBody=x`
    const scope = 'test/20260131/us-east-1/sqs/aws4_request'
    const Authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`
    const presigned = `${path}&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Signature=0`
    const page = { headers: { Referer: 'http://example.com/' } }
    expect((await fetch(path, { headers: { Authorization } })).status).toBe(200)
    expect((await fetch(presigned)).status).toBe(200)
    expect((await fetch(presigned, page)).status).toBe(405)
    const unknown = await fetch(`${simulator.url}/123456789012/q`)
    expect([unknown.status, await unknown.text()]).toEqual([404, '<UnknownOperationException/>\n'])
    expect((await simulator.attributesOf(`${simulator.url}/123456789012/q`)).ApproximateNumberOfMessages).toBe('2')
  })

  test('S2 an unsigned GET reads, and changes nothing', async () => {
    const { url } = await simulator.newQueue('q')
    const get = (fields: Record<string, string>) =>
      fetch(`${simulator.url}/123456789012/q?${new URLSearchParams(fields)}`)
    expect((await get({ Action: 'GetQueueUrl', QueueName: 'q' })).status).toBe(200)
    const changing: Record<string, string>[] = [
      { Action: 'SendMessage', MessageBody: 'x' },
      { Action: 'ReceiveMessage' },
      { Action: 'PurgeQueue' },
      { Action: 'DeleteQueue' },
      { Action: 'CreateQueue', QueueName: 'z' },
      { Action: 'CreateTopic', Name: 't' },
    ]
    for (const fields of changing) {
      const answer = await get(fields)
      expect([fields.Action, answer.status]).toEqual([fields.Action, 405])
    }
    expect((await simulator.attributesOf(url)).ApproximateNumberOfMessages).toBe('0')
    const posted = await fetch(`${simulator.url}/123456789012/q?Action=SendMessage&MessageBody=x`, { method: 'POST' })
    expect(posted.status).toBe(200)
  })

  test.each([
    ['/123456789012/q', ''],
    ['/q', ''],
    ['/queue/q', ''],
    ['/queue/us-east-1/123456789012/q', ''],
    ['/', 'http://sqs.us-east-1.localhost.localstack.cloud:4566/123456789012/q'],
    ['/', 'http://us-east-1.queue.localhost:4566/123456789012/q'],
    ['/', 'http://queue.localhost:4566/123456789012/q'],
    ['/', 'q'],
  ])('S3 a queue is found at %s %s', async (path, QueueUrl) => {
    await simulator.newQueue('q')
    const fields: Record<string, string> = { Action: 'SendMessage', MessageBody: 'x' }
    if (QueueUrl !== '') fields.QueueUrl = QueueUrl
    expect((await simulator.form(fields, path)).status).toBe(200)
  })
})

test('S6 control characters are refused in attribute values as in bodies', async () => {
  const { url } = await simulator.newQueue('q')
  const MessageAttributes = { a: { DataType: 'String', StringValue: 'a\u0001b' } }
  const sent = simulator.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes }))
  await expect(sent).rejects.toMatchObject({ name: 'InvalidParameterValue', $metadata: { httpStatusCode: 400 } })
})

test('S7 accounts and regions are apart, and reach each other by URL', async () => {
  const call = async (key: string, region: string, target: string, body: object) => {
    const Authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/sqs/aws4_request, SignedHeaders=host, Signature=0`
    const headers = { 'X-Amz-Target': `AmazonSQS.${target}`, Authorization }
    const answer = await fetch(simulator.url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: await answer.json() }
  }
  const own = await call('111111111111', 'eu-west-1', 'CreateQueue', { QueueName: 'q' })
  expect(own.body.QueueUrl).toBe(`${simulator.url}/111111111111/q`)
  expect((await call('test', 'eu-west-1', 'GetQueueUrl', { QueueName: 'q' })).status).toBe(400)
  expect((await call('111111111111', 'us-east-1', 'GetQueueUrl', { QueueName: 'q' })).status).toBe(400)
  expect((await call('222222222222', 'eu-west-1', 'ListQueues', {})).body).toEqual({})
  const owner = { QueueName: 'q', QueueOwnerAWSAccountId: '111111111111' }
  expect((await call('222222222222', 'eu-west-1', 'GetQueueUrl', owner)).body).toEqual(own.body)
  const sent = { QueueUrl: own.body.QueueUrl, MessageBody: 'x' }
  expect((await call('222222222222', 'eu-west-1', 'SendMessage', sent)).status).toBe(200)
})

test.each(['sqs.eu-west-1.localhost:4566', 'eu-west-1.queue.localhost.localstack.cloud:4566'])(
  'S3 the Host %s names a region',
  async (host) => {
    const { request } = await import('node:http')
    const ask = (Action: string, more: string) =>
      new Promise<string>((resolve, reject) => {
        const call = request(simulator.url, { method: 'POST', headers: { Host: host } }, (response) => {
          let text = ''
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () => resolve(text))
        })
        call.on('error', reject)
        call.end(`Action=${Action}&${more}`)
      })
    expect(await ask('CreateQueue', 'QueueName=q')).toContain(`<QueueUrl>http://${host}/123456789012/q</QueueUrl>`)
    expect(
      await ask('GetQueueAttributes', `QueueUrl=http://${host}/123456789012/q&AttributeName.1=QueueArn`),
    ).toContain('arn:aws:sqs:eu-west-1:123456789012:q')
  },
)
