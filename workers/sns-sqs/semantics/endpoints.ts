import { AwsError } from '../protocol/aws-error.ts'
import { isFifoName, isQueueName, parseArn } from './names.ts'

const invalid = (message: string): AwsError => new AwsError('InvalidParameter', message)

/** Protocols that SNS knows, and whether a subscription waits for its endpoint to confirm it. */
const protocols: Record<string, { confirms: boolean }> = {
  sqs: { confirms: false },
  http: { confirms: true },
  https: { confirms: true },
  email: { confirms: true },
  'email-json': { confirms: true },
  sms: { confirms: false },
  lambda: { confirms: false },
  application: { confirms: false },
  firehose: { confirms: false },
}

export const waitsForConfirmation = (protocol: string): boolean => protocols[protocol]?.confirms === true

/** Letters and digits of a phone number that SMS can go to: E.164. */
export const isPhoneNumber = (text: string): boolean => /^\+?[1-9]\d{1,14}$/.test(text.replace(/[ .()-]/g, ''))

/** The same where a subscription names it: separators are single between digits. */
const isSmsEndpoint = (text: string): boolean =>
  /^\+?[1-9]\d*([./-]\d+)*$/.test(text) && isPhoneNumber(text.replaceAll('/', ''))

/** Refuses an endpoint that AWS refuses for this protocol and topic. */
export function checkEndpoint(protocol: string, endpoint: string, fifoTopic: boolean): void {
  if (!Object.hasOwn(protocols, protocol)) {
    throw invalid(`Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`)
  }
  if (fifoTopic && protocol !== 'sqs') {
    throw invalid('Invalid parameter: Invalid parameter: Endpoint Reason: Please use SQS queues with FIFO topics')
  }
  if (protocol === 'sqs') checkQueue(endpoint, fifoTopic)
  else if (protocol === 'http' || protocol === 'https') {
    if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint)) {
      throw invalid('Invalid parameter: Endpoint must match the specified protocol')
    }
  } else if (protocol === 'email' || protocol === 'email-json') {
    if (!/^[^@\s]+@[^@\s]+$/.test(endpoint)) throw invalid('Invalid parameter: Email address')
  } else if (protocol === 'sms') {
    if (!isSmsEndpoint(endpoint)) throw invalid(`Invalid SMS endpoint: ${endpoint}`)
  } else if (parseArn(endpoint) === undefined) {
    const name = protocol === 'lambda' ? 'Lambda' : protocol === 'firehose' ? 'Firehose' : 'Application'
    throw invalid(`Invalid parameter: ${name} endpoint ARN`)
  }
}

function checkQueue(endpoint: string, fifoTopic: boolean): void {
  const parts = parseArn(endpoint)
  if (parts?.service !== 'sqs' || !/^\d{12}$/.test(parts.account) || !isQueueName(parts.resource)) {
    throw invalid('Invalid parameter: SQS endpoint ARN')
  }
  if (isFifoName(parts.resource) && !fifoTopic) {
    throw invalid(
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    )
  }
}
