import { expect, test } from 'vitest'
import { upgradedChange } from './older-declarations.ts'
import { queueNamed } from './queue-store.contract.ts'
import type { DeclarationChange } from './queue-store.ts'

const arn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`

test('a queue that an older version kept under its short name goes by its ARN, and so does its dead-letter queue', () => {
  const { settings } = queueNamed('x')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 3 })
  const older: DeclarationChange = {
    put: 'queue',
    queue: {
      ...{ name: 'orders', arn: arn('orders'), createdAt: 1, modifiedAt: 2, tags: {} },
      attributes: { RedrivePolicy },
      settings: { ...settings, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 3 } },
    },
  }
  const upgraded = upgradedChange(older)
  expect(upgraded).toMatchObject({
    queue: {
      name: arn('orders'),
      createdAt: 1,
      settings: { redrive: { deadLetterQueue: arn('dead'), maxReceiveCount: 3 } },
    },
  })
  expect(upgradedChange(upgraded)).toEqual(upgraded)
})

test('so does a subscription to it', () => {
  const topicArn = 'arn:aws:sns:us-east-1:123456789012:t'
  const subscription = {
    arn: `${topicArn}:1`,
    topicArn,
    protocol: 'sqs',
    endpoint: arn('orders'),
    queue: 'orders',
    attributes: {},
  }
  expect(upgradedChange({ put: 'subscription', subscription })).toMatchObject({
    subscription: { queue: arn('orders') },
  })
})
