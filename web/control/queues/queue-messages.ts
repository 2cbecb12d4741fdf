import { PublishCommand } from '@aws-sdk/client-sns'
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import type {
  QueueMessageAttributes,
  QueueMove,
  QueueMoveInput,
  QueueSendInput,
  TopicPublishInput,
} from '#contracts/api/queues/queues.ts'
import { awsProblem } from './aws-refusal.ts'
import { namedIn, type QueuePlace, queueUrlOf } from './queue-place.ts'

/** Tasks that are listed: what AWS remembers. */
const mostTasks = 10

const sentFields = {
  MessageBody: '/body',
  'message body': '/body',
  DelaySeconds: '/delaySeconds',
  MessageGroupId: '/groupId',
  MessageDeduplicationId: '/deduplicationId',
  ContentBasedDeduplication: '/deduplicationId',
  'message attribute': '/attributes',
  Message: '/body',
  Subject: '/subject',
}

const attributesOf = (attributes: QueueMessageAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue, 'base64') }),
      },
    ]),
  )

const idsOf = ({
  groupId,
  deduplicationId,
}: {
  groupId?: string | undefined
  deduplicationId?: string | undefined
}) => ({
  ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
  ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
})

const sentOf = ({ MessageId, SequenceNumber }: { MessageId?: string; SequenceNumber?: string }) => ({
  messageId: MessageId ?? '',
  ...(SequenceNumber === undefined ? {} : { sequenceNumber: SequenceNumber }),
})

export async function sendMessage(place: QueuePlace, input: QueueSendInput) {
  const { arn, body, attributes, delaySeconds } = input
  const QueueUrl = await queueUrlOf(place, arn)
  const command = new SendMessageCommand({
    ...{ QueueUrl, MessageBody: body, MessageAttributes: attributesOf(attributes) },
    ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    ...idsOf(input),
  })
  try {
    return sentOf(await place.clients.of(arn).sqs.send(command))
  } catch (error) {
    throw awsProblem(error, place.at, sentFields)
  }
}

export async function publishMessage(place: QueuePlace, input: TopicPublishInput) {
  const { arn, body, subject, attributes } = input
  namedIn(arn, 'topic')
  const command = new PublishCommand({
    ...{ TopicArn: arn, Message: body, MessageAttributes: attributesOf(attributes) },
    ...(subject === undefined || subject === '' ? {} : { Subject: subject }),
    ...idsOf(input),
  })
  try {
    return sentOf(await place.clients.of(arn).sns.send(command))
  } catch (error) {
    throw awsProblem(error, place.at, sentFields)
  }
}

/** Tasks that move messages out of a queue, the newest first. */
export async function listMoves(place: QueuePlace, arn: string): Promise<QueueMove[]> {
  namedIn(arn, 'queue')
  const command = new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: mostTasks })
  const { Results = [] } = await place.clients
    .of(arn)
    .sqs.send(command)
    .catch((error: unknown) => {
      throw awsProblem(error, place.at)
    })
  return Results.map((one) => ({
    ...(one.TaskHandle === undefined ? {} : { task: one.TaskHandle }),
    state: one.Status ?? '',
    source: one.SourceArn ?? arn,
    ...(one.DestinationArn === undefined ? {} : { destination: one.DestinationArn }),
    ...(one.MaxNumberOfMessagesPerSecond === undefined ? {} : { perSecond: one.MaxNumberOfMessagesPerSecond }),
    moved: one.ApproximateNumberOfMessagesMoved ?? 0,
    ...(one.ApproximateNumberOfMessagesToMove === undefined ? {} : { toMove: one.ApproximateNumberOfMessagesToMove }),
    startedAt: new Date(one.StartedTimestamp ?? 0).toISOString(),
    ...(one.FailureReason === undefined ? {} : { failure: one.FailureReason }),
  }))
}

/** Begins to move the messages of a dead-letter queue. */
export async function startMove(place: QueuePlace, { source, destination, perSecond }: QueueMoveInput) {
  namedIn(source, 'queue')
  const command = new StartMessageMoveTaskCommand({
    SourceArn: source,
    ...(destination === undefined ? {} : { DestinationArn: destination }),
    ...(perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond }),
  })
  try {
    return { task: (await place.clients.of(source).sqs.send(command)).TaskHandle ?? '' }
  } catch (error) {
    throw awsProblem(error, place.at, {
      DestinationArn: '/destination',
      destination: '/destination',
      SourceArn: '/source',
      Source: '/source',
      MaxNumberOfMessagesPerSecond: '/perSecond',
    })
  }
}

/** Ends a task; what was moved stays where it is. */
export async function cancelMove(place: QueuePlace, source: string, task: string): Promise<{ moved: number }> {
  const command = new CancelMessageMoveTaskCommand({ TaskHandle: task })
  try {
    const { ApproximateNumberOfMessagesMoved = 0 } = await place.clients.of(source).sqs.send(command)
    return { moved: ApproximateNumberOfMessagesMoved }
  } catch (error) {
    throw awsProblem(error, place.at)
  }
}
