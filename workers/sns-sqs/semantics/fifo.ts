import { hash } from 'node:crypto'
import { AwsError } from '../protocol/aws-error.ts'

/** Letters, digits and ASCII punctuation, 1 to 128. */
const isFifoId = (text: string): boolean => /^[!-~]{1,128}$/.test(text)

/** Refuses a group or deduplication id that AWS refuses. */
export function checkFifoId(
  name: 'MessageGroupId' | 'MessageDeduplicationId' | 'ReceiveRequestAttemptId',
  text: string,
) {
  if (isFifoId(text)) return
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${text.slice(0, 200)} for parameter ${name} is invalid. Reason: ${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  )
}

/** The id of a message in a queue or topic that deduplicates by content: SHA-256 of the body, attributes left out. */
export const contentDeduplicationId = (body: string): string => hash('sha256', body)

const firstNumber = 18_849_496_460_467_696_128n
const step = 256n

/** A message's SequenceNumber in its queue: 20 digits that rise with its place. */
export const sequenceNumber = (key: number): string => String(firstNumber + BigInt(key) * step)

let lastTopicNumber = 0

/** A publication's SequenceNumber in its topic: 20 digits that rise, also across restarts, as the clock does. */
export function topicSequenceNumber(now: number): string {
  lastTopicNumber = Math.max(lastTopicNumber + 1, now * 1_000)
  return `1000${String(lastTopicNumber).padStart(16, '0')}`
}

/** Refuses what a FIFO queue's message must not or must have, and completes what the queue works out by itself. */
export function fifoIdsOf(
  queue: { fifo: boolean; byContent: boolean },
  given: { groupId: string | undefined; deduplicationId: string | undefined; delay: number | undefined },
  body: string,
): { groupId: string; deduplicationId: string } {
  const { groupId, deduplicationId, delay } = given
  if (groupId !== undefined) checkFifoId('MessageGroupId', groupId)
  if (deduplicationId !== undefined) checkFifoId('MessageDeduplicationId', deduplicationId)
  if (!queue.fifo) {
    if (deduplicationId !== undefined) throw notForThisType('MessageDeduplicationId', deduplicationId)
    return { groupId: groupId ?? '', deduplicationId: '' }
  }
  if (groupId === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.')
  }
  if (deduplicationId === undefined && !queue.byContent) {
    throw new AwsError(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  }
  if (delay !== undefined && delay !== 0) throw notForThisType('DelaySeconds', String(delay))
  return { groupId, deduplicationId: deduplicationId ?? contentDeduplicationId(body) }
}

const notForThisType = (name: string, value: string): AwsError =>
  new AwsError(
    'InvalidParameterValue',
    `Value ${value} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  )
