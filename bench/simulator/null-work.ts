import type { RawClient } from './raw-client.ts'

/** The requests of one kind of work, one turn of it, whatever the server answers. */
type Turn = (call: RawClient['call'], form: RawClient['form'], index: number) => Promise<unknown>

const url = 'http://127.0.0.1:4566/123456789012/bench-12345-1'
const receipt = 'FL-1-1abcd-1-mik5zvcn'
const body = 'x'.repeat(1_024)
const ten = Array.from({ length: 10 }, (_, index) => `e${index}`)

const turns: Record<string, Turn> = {
  send: (call, _, index) => call('SendMessage', { QueueUrl: url, MessageBody: `${index} ${body}` }),
  'batch of 10': (call) =>
    call('SendMessageBatch', { QueueUrl: url, Entries: ten.map((Id) => ({ Id, MessageBody: `1234 ${body}` })) }),
  'receive and delete': async (call) => {
    await call('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 })
    await call('DeleteMessageBatch', { QueueUrl: url, Entries: ten.map((Id) => ({ Id, ReceiptHandle: receipt })) })
  },
  'send, receive, delete': async (call, _, index) => {
    await call('SendMessage', { QueueUrl: url, MessageBody: `${index} ${body}` })
    await call('ReceiveMessage', { QueueUrl: url })
    await call('DeleteMessage', { QueueUrl: url, ReceiptHandle: receipt })
  },
  'publish to two queues': (_, form, index) =>
    form(publication('arn:aws:sns:us-east-1:123456789012:bench', index, body)),
}

/** The form of a publish. */
export const publication = (TopicArn: string, index: number, text: string): Record<string, string> => ({
  Action: 'Publish',
  TopicArn,
  Message: `${index} ${text}`,
})

/** Sends the requests that `kind` of work needs for `count` messages; `messages` of one turn. */
export async function nullWork(client: RawClient, kind: string, count: number, messages: number): Promise<void> {
  const turn = turns[kind]
  if (turn === undefined) throw new Error(`no requests are known of ${kind}`)
  let next = 0
  await client.together(async (call, form) => {
    while (next < count / messages) await turn(call, form, next++)
  })
}
