import { describe, expect, it } from 'vitest'
import type { QueueExplanation } from '#contracts/api/queues/explanation.ts'
import type { QueueRow, QueuesView } from '#contracts/api/queues/queues.ts'
import { conditionWords, foundWords, verdictWords } from './condition-words.ts'
import {
  attributesIn,
  attributeWords,
  changesOf,
  hasManyPlaces,
  policyKeysOf,
  railOf,
  tagLines,
  tagsOf,
} from './queue-models.ts'

const queue = (name: string, more: Partial<QueueRow> = {}): QueueRow => ({
  arn: `arn:aws:sqs:us-east-1:123456789012:${name}`,
  ...{ name, account: '123456789012', region: 'us-east-1', fifo: false, lab: false, attributes: {} },
  ...{ visible: 0, inFlight: 0, delayed: 0, deadLettersOf: [], ...more },
})
const view = (queues: QueueRow[]): QueuesView => ({
  ...{ broker: 'local', service: 'simulator', topics: [], truncated: false },
  queues,
  subscriptions: [
    {
      arn: 'arn:aws:sns:us-east-1:123456789012:events:1',
      topicArn: 'arn:aws:sns:us-east-1:123456789012:events',
      endpoint: 'arn:aws:sqs:us-east-1:123456789012:orders',
      ...{ protocol: 'sqs', pending: false, lab: false, raw: true, filterPolicyScope: 'MessageAttributes' },
    },
  ],
})

describe('the list at the left', () => {
  const all = view([queue('orders'), queue('orders-dead', { deadLettersOf: ['x'] }), queue('mail')])

  it('has dead-letter queues apart, and of each kind what has every word that was typed', () => {
    expect(railOf(all, '').queues.map(({ name }) => name)).toEqual(['orders', 'mail'])
    expect(railOf(all, '').deadLetters.map(({ name }) => name)).toEqual(['orders-dead'])
    const { queues, subscriptions } = railOf(all, 'ORDERS us-east')
    expect(queues.map(({ name }) => name)).toEqual(['orders'])
    expect(subscriptions).toHaveLength(1)
    expect(railOf(all, 'nothing').subscriptions).toEqual([])
  })

  it('says where things are only where there is more than one place', () => {
    expect(hasManyPlaces(all)).toBe(false)
    expect(hasManyPlaces(view([queue('orders'), queue('orders', { region: 'eu-west-1' })]))).toBe(true)
  })

  it('counts the keys of a policy', () => {
    expect([
      policyKeysOf(undefined),
      policyKeysOf('{}'),
      policyKeysOf('{"a":[1],"b":[2]}'),
      policyKeysOf('no'),
    ]).toEqual([undefined, undefined, 2, undefined])
  })
})

describe('forms', () => {
  it('send only what was changed', () => {
    expect(
      changesOf({ DelaySeconds: '0', Policy: 'p' }, { DelaySeconds: '5', Policy: 'p', RedrivePolicy: '' }),
    ).toEqual({ DelaySeconds: '5' })
  })

  it('read tags and attributes', () => {
    expect(tagsOf(tagLines({ a: 'b=c', d: '' }))).toEqual({ a: 'b=c', d: '' })
    expect(attributesIn('{"a":"x","n":4,"l":["y"],"own":{"DataType":"Binary","BinaryValue":"AA=="}}')).toEqual({
      a: { DataType: 'String', StringValue: 'x' },
      n: { DataType: 'Number', StringValue: '4' },
      l: { DataType: 'String.Array', StringValue: '["y"]' },
      own: { DataType: 'Binary', BinaryValue: 'AA==' },
    })
    // Every digit is sent as it was typed.
    expect(attributesIn('{"n":9007199254740993,"l":[1,123456789012345678901234567890]}')).toEqual({
      n: { DataType: 'Number', StringValue: '9007199254740993' },
      l: { DataType: 'String.Array', StringValue: '[1,123456789012345678901234567890]' },
    })
    expect(attributesIn('9007199254740993')).toContain('must be an object')
    expect(attributesIn('')).toEqual({})
    expect(attributesIn('{')).toBe('is not JSON')
    expect(attributesIn('[]')).toContain('must be an object')
    expect(attributesIn('{"a":true}')).toContain('a must be')
  })

  it('show attributes with their units', () => {
    expect(attributeWords('MessageRetentionPeriod', '345600')).toBe('4 days')
    expect(attributeWords('VisibilityTimeout', '30')).toBe('30 s')
    expect(attributeWords('MaximumMessageSize', '1048576')).toBe('1,048,576 bytes')
    expect(attributeWords('SqsManagedSseEnabled', 'true')).toBe('true')
  })
})

describe('an explanation in words', () => {
  it('names what each operator asks for, and that it does not hold', () => {
    expect(conditionWords({ numeric: ['>', 0, '<=', 30] }, true)).toBe('> 0 and ≤ 30 does not hold')
    expect(conditionWords({ prefix: 'ups' }, false)).toBe('starts with ups')
    expect(conditionWords({ exists: false }, false)).toBe('is absent')
    expect(conditionWords('dhl', false)).toBe('equals')
    expect(conditionWords('dhl', true)).toBe('is not equal')
    expect(foundWords({ found: ['a', 1, null, 2] })).toBe('= "a", 1, null and 1 more')
    expect(foundWords({})).toBe('absent')
  })

  const answer = (more: Partial<QueueExplanation>): QueueExplanation => ({
    ...{ subscriptionArn: 's', topicArn: 't', endpoint: 'a:b:orders', raw: true, passes: false, steps: [] },
    ...more,
  })

  it('begins with the key that fails', () => {
    const keys = [
      { key: 'carrier', passes: true, found: ['ups'], conditions: [] },
      {
        key: 'weightKg',
        passes: false,
        found: [41.5],
        conditions: [{ condition: { numeric: ['<=', 30] }, passes: false }],
      },
    ]
    const { tone, title, detail } = verdictWords(
      answer({
        steps: [{ step: 'filter', verdict: 'stops', code: 'filtered', text: '' }],
        filter: { scope: 'MessageBody', passes: false, combinations: 1, readable: true, keys },
      }),
    )
    expect([tone, title, detail]).toEqual([
      'lost',
      'Filtered out: weightKg is 41.5; the policy asks for “≤ 30”.',
      'Not lost: the queue was never owed it. 1 of 2 keys pass; all must.',
    ])
  })

  it('distinguishes a fault, a doubt and a free way', () => {
    const fault = verdictWords(
      answer({
        passes: true,
        steps: [{ step: 'fault', verdict: 'stops', code: 'lost-leg', text: 'the fault f1 lost this leg' }],
      }),
    )
    expect(fault).toMatchObject({ tone: 'lost', title: 'The fault f1 lost this leg.' })
    const doubt = verdictWords(
      answer({
        passes: true,
        steps: [{ step: 'access', verdict: 'may-stop', code: 'policy-denies', text: 'a policy' }],
      }),
    )
    expect(doubt).toMatchObject({ tone: 'retrying', detail: 'A policy.' })
    expect(verdictWords(answer({ passes: true })).tone).toBe('delivered')
  })
})
