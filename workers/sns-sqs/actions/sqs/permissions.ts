import { AwsError } from '../../protocol/aws-error.ts'
import { text, texts } from '../../protocol/fields.ts'
import { withoutPermission, withPermission } from '../../semantics/permissions.ts'
import { mergeAttributes } from '../../semantics/queue-attributes.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'
import { type Action, type ActionServices, noSuchQueue, queueOf } from '../action.ts'
import { withAttributes } from './queues.ts'

/** What can be granted. */
const grantable = new Set([
  '*',
  'SendMessage',
  'ReceiveMessage',
  'DeleteMessage',
  'ChangeMessageVisibility',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
])

/** Of one statement: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html */
const maximumActions = 7

const changePolicy = (
  { store, clock }: ActionServices,
  name: string,
  policyOf: (queue: QueueDefinition, policy: string) => string,
) =>
  store.declare(({ queues }) => {
    const queue = queues.get(name)
    if (queue === undefined) throw noSuchQueue()
    const Policy = policyOf(queue, queue.attributes.Policy ?? '')
    const changed = withAttributes(queue, mergeAttributes(queue.attributes, { Policy }), clock.now())
    return { changes: [{ put: 'queue', queue: changed }], result: undefined }
  })

const invalid = (value: string, name: string, reason: string): AwsError =>
  new AwsError('InvalidParameterValue', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`)

const addPermission: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const label = text(input, 'Label')
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
    throw invalid(
      label,
      'Label',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  }
  const accounts = texts(input, 'AWSAccountIds')
  const actions = texts(input, 'Actions')
  if (actions.length === 0) throw missing('Actions')
  if (accounts.length === 0) throw invalid('[]', 'PrincipalId', 'Unable to verify.')
  if (actions.length > maximumActions) {
    throw new AwsError('OverLimit', `${actions.length} Actions were found, maximum allowed is ${maximumActions}.`)
  }
  const wrong = actions.find((action) => !grantable.has(action))
  if (wrong !== undefined) {
    throw invalid(`SQS:${wrong}`, 'ActionName', `Only the queue owner is allowed to invoke this action.`)
  }
  const account = accounts.find((one) => !/^\d{12}$/.test(one))
  if (account !== undefined) throw invalid(`[${account}]`, 'PrincipalId', 'Unable to verify.')
  await changePolicy(services, name, ({ arn }, policy) =>
    withPermission(policy, { label, accounts, actions, resource: arn, service: 'SQS' }),
  )
  return {}
}

const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)

const removePermission: Action = async (input, services, call) => {
  const { name } = await queueOf(input, services, call)
  const label = text(input, 'Label')
  await changePolicy(services, name, ({ arn }, policy) => withoutPermission(policy, label, arn, 'SQS'))
  return {}
}

export const sqsPermissionActions: Record<string, Action> = {
  AddPermission: addPermission,
  RemovePermission: removePermission,
}
