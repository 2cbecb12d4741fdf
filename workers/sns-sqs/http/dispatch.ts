import type { Call, Services } from '../actions/action.ts'
import { snsPublishActions } from '../actions/sns/publish.ts'
import { snsSubscriptionActions } from '../actions/sns/subscriptions.ts'
import { snsTopicActions } from '../actions/sns/topics.ts'
import { sqsQueueActions } from '../actions/sqs/queues.ts'
import { sqsReceiveActions } from '../actions/sqs/receive.ts'
import { sqsSendActions } from '../actions/sqs/send.ts'
import { sqsSettleActions } from '../actions/sqs/settle.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Input } from '../protocol/fields.ts'
import { parseForm } from '../protocol/form.ts'
import type { Reply } from '../protocol/reply.ts'
import { queryError, snsReply } from '../protocol/sns-query.ts'
import { sqsError, sqsReply } from '../protocol/sqs-json.ts'
import {
  DeclarationsChanged,
  OutcomeUnknown,
  StoreUnavailable,
  TooManyInFlight,
  UnknownQueue,
} from '../stores/queue-store.ts'

const sqsActions = new Map(
  Object.entries({ ...sqsQueueActions, ...sqsSendActions, ...sqsReceiveActions, ...sqsSettleActions }),
)
const snsActions = new Map(Object.entries({ ...snsTopicActions, ...snsSubscriptionActions, ...snsPublishActions }))

const sqsTarget = 'AmazonSQS.'

/** Answers one AWS request. `target` is the `X-Amz-Target` header, which only the JSON protocol has. */
export function dispatch(target: string | undefined, body: Buffer, services: Services, call: Call): Promise<Reply> {
  return target === undefined ? query(body, services, call) : json(target, body, services, call)
}

async function json(target: string, body: Buffer, services: Services, call: Call): Promise<Reply> {
  try {
    const name = target.startsWith(sqsTarget) ? target.slice(sqsTarget.length) : target
    const action = sqsActions.get(name)
    if (action === undefined) throw unknownAction(target)
    return sqsReply(name, await action(parseJson(body), services, call))
  } catch (error) {
    return sqsError(awsErrorOf(error, services, target))
  }
}

async function query(body: Buffer, services: Services, call: Call): Promise<Reply> {
  const requestId = services.newId()
  try {
    const form = parseForm(body)
    const name = form?.Action
    if (form === undefined || typeof name !== 'string') {
      throw new AwsError('MissingAction', 'The request names no action: neither X-Amz-Target nor a form with Action.')
    }
    const action = snsActions.get(name)
    if (action === undefined) throw unknownAction(name)
    return snsReply(name, await action(form, services, call), requestId)
  } catch (error) {
    return queryError(awsErrorOf(error, services, 'query'), requestId)
  }
}

const unknownAction = (name: string): AwsError =>
  new AwsError('InvalidAction', `The action ${name.slice(0, 200)} is not valid for this endpoint.`)

function parseJson(body: Buffer): Input {
  let input: unknown
  try {
    input = JSON.parse(body.length === 0 ? '{}' : body.toString())
  } catch {
    throw new AwsError('SerializationException', 'The body is not valid JSON.')
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'The body must be a JSON object.')
  }
  return input as Input
}

/** What a failure is called on the wire. What is not expected is logged and answered as AWS's own 500. */
function awsErrorOf(error: unknown, { log }: Services, action: string): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof UnknownQueue) return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
  if (error instanceof TooManyInFlight) return new AwsError('OverLimit', error.message)
  if (error instanceof StoreUnavailable) return new AwsError('ServiceUnavailable', error.message)
  if (error instanceof DeclarationsChanged) return new AwsError('ServiceUnavailable', error.message)
  if (error instanceof OutcomeUnknown) {
    log.warn({ action }, error.message)
    // Not ServiceUnavailable: clients take that for a promise that nothing was done.
    return new AwsError('InternalFailure', error.message)
  }
  log.error({ err: error, action }, 'a request failed for a reason that is a fault of the simulator')
  return new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.')
}
