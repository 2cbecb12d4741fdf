import { expect, test } from 'vitest'
import { queueSendInput, topicPublishInput } from '#contracts/api/queues/queues.ts'
import { readDraft } from '../../form/read-draft.ts'
import { blankMessage, bodyOfSend } from './send-draft.ts'

const arn = 'arn:aws:sqs:us-east-1:123456789012:orders'
const whole = { body: '{}', attributes: '{"type":"a"}', subject: 'Hello', delay: ' 5 ', group: 'g', dedup: 'd' }
const common = {
  ...{ arn, body: '{}', groupId: 'g', deduplicationId: 'd' },
  attributes: { type: { DataType: 'String', StringValue: 'a' } },
}

test('a queue gets a delay and no subject, a topic a subject and no delay', () => {
  expect(readDraft(queueSendInput, bodyOfSend('queue', arn, whole)).input).toEqual({ ...common, delaySeconds: 5 })
  expect(readDraft(topicPublishInput, bodyOfSend('topic', arn, whole)).input).toEqual({ ...common, subject: 'Hello' })
})

test('what is blank is left out', () => {
  const read = readDraft(queueSendInput, bodyOfSend('queue', arn, blankMessage))
  expect(read).toEqual({ input: { arn, body: '', attributes: {} }, errors: {} })
})

test('each text that is not a value says so at its field', () => {
  const { input, errors } = readDraft(
    queueSendInput,
    bodyOfSend('queue', arn, { ...blankMessage, attributes: '{', delay: 'soon' }),
  )
  expect(input).toBeUndefined()
  expect(errors).toEqual({ '/attributes': 'is not JSON', '/delaySeconds': 'must be a whole number of seconds' })
})

test('an attribute that the contract refuses is named', () => {
  const { errors } = readDraft(
    queueSendInput,
    bodyOfSend('queue', arn, { ...blankMessage, attributes: '{"type":{"DataType":""}}' }),
  )
  expect(Object.keys(errors)).toEqual(['/attributes/type/DataType'])
})
