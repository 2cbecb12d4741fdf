import { text, textOr } from '../environment.ts'
import type { RetryMode } from './retry-mode.ts'

/** What the brokers that speak SNS and SQS have in common. */
export const snsSqs = {
  system: 'aws_sqs',
  retryModes: ['visibility-timeout'] satisfies [RetryMode],
  partitioned: false,
  words: { about: 'SNS and SQS', expired: 'visibility timed out' },
} as const

/** Variables that each of them reads. */
export const awsEnvironment = { AWS_REGION: textOr('us-east-1'), AWS_ACCESS_KEY_ID: text }

/** The simulator asks for none, the SDK for some; where the environment has them, the SDK finds them itself. */
export function simulatorOptions(
  endpoint: string,
  settings: { AWS_REGION: string; AWS_ACCESS_KEY_ID?: string | undefined },
) {
  const credentials = { accessKeyId: 'faultline', secretAccessKey: 'faultline' }
  return {
    ...{ endpoint, region: settings.AWS_REGION },
    ...(settings.AWS_ACCESS_KEY_ID === undefined ? { credentials } : {}),
  }
}
