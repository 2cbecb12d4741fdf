import type { ActionServices, Call } from '../actions/action.ts'
import { snsActions } from '../actions/sns/actions.ts'
import { refuseOtherRegion } from '../actions/sns/sns-action.ts'
import { sqsActions } from '../actions/sqs/actions.ts'
import { withFaults } from '../faults/request-faults.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { Input } from '../protocol/fields.ts'
import { type FormNode, parseForm } from '../protocol/form.ts'
import { queryJsonError, snsQueryJson, sqsQueryJson, wantsJson } from '../protocol/query-json.ts'
import type { Reply } from '../protocol/reply.ts'
import { snsError, snsReply } from '../protocol/sns-query.ts'
import { isPlainJson, parseSqsJson, sqsError, sqsReply } from '../protocol/sqs-json.ts'
import { inputOfForm, sqsQueryError, sqsQueryReply } from '../protocol/sqs-query.ts'
import { callerIdentityReply } from '../protocol/sts-query.ts'
import { awsErrorOf } from './failures.ts'

const sqsTarget = 'AmazonSQS.'

/** A request's parts as far as they say what is asked. */
export interface Asked {
  method: string
  /** It carries a signature that no link and no image on a page can carry: GET may change something then, as on AWS. */
  signed: boolean
  /** The `X-Amz-Target` header, which only the JSON protocol has. */
  target: string | undefined
  /** The `Accept` header, which says in what form the Query protocol answers. */
  accept: string | undefined
  /** What comes after the question mark of the URL; empty if there is none. */
  query: Buffer
  body: Buffer
}

/** Answers one AWS request, whatever its protocol. */
export function dispatch(asked: Asked, services: ActionServices, call: Call): Promise<Reply> {
  const { target } = asked
  return target === undefined ? query(asked, services, call) : json(target, asked.body, services, call)
}

async function json(target: string, body: Buffer, services: ActionServices, call: Call): Promise<Reply> {
  try {
    const name = target.startsWith(sqsTarget) ? target.slice(sqsTarget.length) : target
    const action = sqsActions.get(name)
    if (action === undefined) throw unknownAction(target)
    call.plain = isPlainJson(body)
    const input = parseSqsJson(body, call.plain)
    const output = services.faults.none
      ? await action(input, services, call)
      : await withFaults('sqs', name, input, services, call, (left) => action(left, services, call))
    return sqsReply(name, output)
  } catch (error) {
    return sqsError(awsErrorOf(error, services, target))
  }
}

async function query(asked: Asked, services: ActionServices, call: Call): Promise<Reply> {
  const requestId = services.newId()
  if (asked.method === 'GET' && asked.query.length === 0 && asked.body.length === 0 && call.path !== '/') {
    return { status: 404, contentType: 'text/xml', text: '<UnknownOperationException/>\n', requestId }
  }
  let service: 'sqs' | 'sns' = call.service === 'sqs' ? 'sqs' : 'sns'
  let inJson = wantsJson(asked.accept)
  try {
    const form = formOf(asked)
    const name = form.Action
    service = serviceOf(form, call)
    inJson ||= wantsJson(undefined, form.ContentType)
    if (typeof name !== 'string' || name === '') {
      throw new AwsError('MissingAction', 'The request must contain the parameter Action.')
    }
    if (asked.method === 'GET' && !asked.signed && !readsOnly(name, form)) {
      throw new AwsError(
        'MethodNotAllowed',
        `${name.slice(0, 100)} changes something: unsigned it takes POST, not GET.`,
      )
    }
    if (name === 'GetCallerIdentity') return callerIdentityReply(call.account, inJson, requestId)
    if (service === 'sqs') {
      const action = sqsActions.get(name)
      if (action === undefined || isAmiss(name, call)) throw unknownAction(name)
      const input = inputOfForm(form)
      const run = (left: Input) => action(left, services, call)
      const { none } = services.faults
      const output = none ? await run(input) : await withFaults('sqs', name, input, services, call, run)
      return inJson ? sqsQueryJson(name, output, requestId) : sqsQueryReply(name, output, requestId)
    }
    const action = snsActions.get(name)
    if (action === undefined) throw unknownAction(name)
    if (name !== 'ConfirmSubscription') refuseOtherRegion(form, call)
    const run = (left: { [name: string]: unknown }) => action(left as FormNode, services, call)
    const output = services.faults.none ? await run(form) : await withFaults('sns', name, form, services, call, run)
    return inJson ? snsQueryJson(name, output, requestId) : snsReply(name, output, requestId)
  } catch (error) {
    const failure = awsErrorOf(error, services, 'query')
    return queryError(failure, service, inJson, requestId)
  }
}

/** A refusal in the Query protocol. */
export function queryError(error: AwsError, service: string, inJson: boolean, requestId: string): Reply {
  if (inJson) return queryJsonError(error, service === 'sqs' ? error.queryCode : error.code, requestId)
  return service === 'sqs' ? sqsQueryError(error, requestId) : snsError(error, requestId)
}

/** The fields of URL and body together; the body's win. */
function formOf({ query, body }: Asked): FormNode {
  const inUrl = query.length === 0 ? undefined : parseForm(query)
  const inBody = body.length === 0 ? undefined : parseForm(body)
  if ((query.length > 0 && inUrl === undefined) || (body.length > 0 && inBody === undefined)) {
    throw new AwsError('SerializationException', 'The request is no form that an action could have.')
  }
  if (inUrl === undefined) return inBody ?? {}
  return inBody === undefined ? inUrl : Object.assign(inUrl, inBody)
}

/** What is about all queues is not answered at the address of one. */
const isAmiss = (name: string, { path }: Call): boolean =>
  (name === 'CreateQueue' || name === 'ListQueues') && /^\/\d{12}\/[^/]+$/.test(path)

/** Whose action it is: by name where only one service has it, else by the scope, the version, and what only one of them names. */
function serviceOf(form: FormNode, call: Call): 'sqs' | 'sns' {
  const name = typeof form.Action === 'string' ? form.Action : ''
  const inSqs = sqsActions.has(name)
  const inSns = snsActions.has(name)
  if (inSqs !== inSns) return inSqs ? 'sqs' : 'sns'
  if (call.service === 'sqs' || call.service === 'sns') return call.service
  if (form.Version === '2012-11-05' || form.QueueUrl !== undefined) return 'sqs'
  if (form.Version === '2010-03-31' || form.TopicArn !== undefined) return 'sns'
  return inSqs || call.path.split('?')[0] !== '/' ? 'sqs' : 'sns'
}

/**
 * An unsigned GET may only read, so that no link and no image on a page changes anything. The two links that SNS itself sends are the exception: what
 * they carry is known to their receiver only.
 */
function readsOnly(name: string, form: FormNode): boolean {
  if (name === 'ConfirmSubscription') return form.Token !== undefined
  if (name === 'Unsubscribe') return true
  return /^(Get|List|Check)/.test(name)
}

const unknownAction = (name: string): AwsError =>
  new AwsError('InvalidAction', `The action ${name.slice(0, 200)} is not valid for this endpoint.`)
