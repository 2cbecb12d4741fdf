import { AwsError } from '../protocol/aws-error.ts'
import { archiveDays } from './archive-policy.ts'
import { checkDeliveryPolicy } from './delivery-policy.ts'
import { isFifoName } from './names.ts'

const feedback = ['HTTP', 'SQS', 'Lambda', 'Firehose', 'Application'].flatMap((protocol) => [
  `${protocol}SuccessFeedbackRoleArn`,
  `${protocol}SuccessFeedbackSampleRate`,
  `${protocol}FailureFeedbackRoleArn`,
])
const settable = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  ...feedback,
])
const ofFifo = new Set(['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'])

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

/** Refuses attributes that AWS refuses, of a topic of this name. `creating`: FifoTopic may be given. */
export function checkTopicAttributes(attributes: Record<string, string>, name: string, creating: boolean): void {
  const fifo = isFifoName(name)
  const prefix = creating ? 'Attributes Reason: ' : ''
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'FifoTopic' && creating) checkBoolean(key, value, prefix)
    else if (ofFifo.has(key)) {
      if (!fifo) throw invalid(`${prefix}${key} can only be set on FIFO topics`)
      checkOfFifo(key, value, prefix)
    } else if (!settable.has(key)) throw invalid(creating ? `${prefix}Unknown attribute ${key}` : 'AttributeName')
    else checkValue(key, value, prefix)
  }
}

function checkBoolean(name: string, value: string, prefix: string): void {
  if (value !== 'true' && value !== 'false')
    throw invalid(`${prefix}${name}: Invalid value [${value}]. Must be true or false.`)
}

function checkOfFifo(name: string, value: string, prefix: string): void {
  if (name === 'ContentBasedDeduplication') checkBoolean(name, value, prefix)
  else if (name === 'ArchivePolicy') archiveDays(value, prefix)
  else if (name === 'FifoThroughputScope' && value !== 'Topic' && value !== 'MessageGroup') {
    throw invalid(`${prefix}FifoThroughputScope: Invalid value [${value}]. Must be Topic or MessageGroup.`)
  }
}

function checkValue(name: string, value: string, prefix: string): void {
  if (value === '') return
  if (name === 'Policy') {
    try {
      if (typeof Object(JSON.parse(value)).Statement === 'object') return
    } catch {}
    throw invalid(`${prefix}Policy: Policy statement action out of service scope!`)
  }
  if (name === 'DeliveryPolicy') checkDeliveryPolicy(value, true, prefix)
  else if (name === 'DisplayName' && (value.length > 100 || /[\p{Cc}]/u.test(value)))
    throw invalid(`${prefix}DisplayName`)
  else if (name === 'SignatureVersion' && value !== '1' && value !== '2') throw invalid(`${prefix}SignatureVersion`)
  else if (name === 'TracingConfig' && value !== 'Active' && value !== 'PassThrough')
    throw invalid(`${prefix}TracingConfig`)
  else if (name.endsWith('SampleRate') && !(/^\d{1,3}$/.test(value) && Number(value) <= 100)) {
    throw invalid(`${prefix}${name}`)
  }
}

/** The policy that AWS gives a topic that has none of its own. */
export const defaultTopicPolicy = (arn: string, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  })
