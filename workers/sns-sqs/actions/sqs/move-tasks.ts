import { AwsError } from '../../protocol/aws-error.ts'
import { optionalInteger, optionalText, text } from '../../protocol/fields.ts'
import { parseQueueArn } from '../../semantics/names.ts'
import type { Declarations } from '../../stores/queue-store.ts'
import type { Action } from '../action.ts'

const maximumRate = 500

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message)
const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message)

function queueIn(declared: Declarations, arn: string, parameter: string) {
  if (parseQueueArn(arn) === undefined) {
    throw notFound(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    )
  }
  const queue = declared.queues.get(arn)
  if (queue === undefined)
    throw notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`)
  return queue
}

const startMessageMoveTask: Action = async (input, { store, moveTasks }) => {
  const source = text(input, 'SourceArn')
  const destination = optionalText(input, 'DestinationArn')
  const rate = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, maximumRate)
  const declared = await store.declarations()
  const from = queueIn(declared, source, 'SourceArn')
  const sources = [...declared.queues.values()].filter(
    ({ settings }) => settings.redrive?.deadLetterQueue === from.name,
  )
  if (sources.length === 0) throw invalid('Source queue must be configured as a Dead Letter Queue.')
  if (destination !== undefined) {
    const to = queueIn(declared, destination, 'DestinationArn')
    if ((to.settings.fifo === undefined) !== (from.settings.fifo === undefined)) {
      throw invalid('Source and destination queue must be of the same type.')
    }
    if (to.name === from.name) throw invalid('Source queue arn and destination queue arn must be different.')
  }
  const handle = await moveTasks.start(from, destination, rate)
  return { TaskHandle: handle }
}

const cancelMessageMoveTask: Action = async (input, { store, moveTasks }) => {
  const handle = text(input, 'TaskHandle')
  const { id, source } = readHandle(handle)
  const declared = await store.declarations()
  if (!declared.queues.has(source)) {
    throw notFound("The resource that you specified for the SourceArn parameter doesn't exist.")
  }
  return { ApproximateNumberOfMessagesMoved: await moveTasks.cancel(id) }
}

function readHandle(handle: string): { id: string; source: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString()) as Record<string, unknown>
    if (typeof taskId === 'string' && typeof sourceArn === 'string') return { id: taskId, source: sourceArn }
  } catch {}
  throw invalid('Value for parameter TaskHandle is invalid.')
}

const listMessageMoveTasks: Action = async (input, { store, moveTasks }) => {
  const source = text(input, 'SourceArn')
  const limit = optionalInteger(input, 'MaxResults', 1, 10) ?? 1
  queueIn(await store.declarations(), source, 'SourceArn')
  const tasks = await moveTasks.of(source)
  const results = tasks.slice(0, limit).map((task) => ({
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: task.source,
    ...(task.destination === undefined ? {} : { DestinationArn: task.destination }),
    ...(task.rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  }))
  return { Results: results }
}

export const sqsMoveTaskActions: Record<string, Action> = {
  StartMessageMoveTask: startMessageMoveTask,
  CancelMessageMoveTask: cancelMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
}
