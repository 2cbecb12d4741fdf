import type { IncomingHttpHeaders } from 'node:http'
import type { ActionServices } from '../actions/action.ts'
import type { Client } from '../long-poll.ts'
import type { AwsError } from '../protocol/aws-error.ts'
import { wantsJson } from '../protocol/query-json.ts'
import type { Reply } from '../protocol/reply.ts'
import { sqsError } from '../protocol/sqs-json.ts'
import { type Caller, callerOf } from '../semantics/caller.ts'
import { dispatch, queryError } from './dispatch.ts'
import { ownEndpoint } from './own-endpoints.ts'
import { checkSignature } from './signature-check.ts'

export interface AnswerOptions {
  /** The account of requests that name none. */
  account: string
  /** Refuse requests whose signature is not that of the secret. Undefined: signatures are read and not checked. */
  secretAccessKey: string | undefined
}

/** A whole request, however it was read. */
export interface Asking {
  method: string
  /** Path and query, as they came. */
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
  client: Client
  /** Ends the connection without an answer. */
  drop: () => void
  /** Came by TLS. */
  secure: boolean
}

const noBytes = Buffer.alloc(0)

/** Has a request answered, whatever it asks for. Rejects for a fault of the simulator only. */
export function answerTo(asking: Asking, services: ActionServices, options: AnswerOptions): Promise<Reply> {
  try {
    return begun(asking, services, options)
  } catch (error) {
    // Who asks reads from a socket: thrown there, it would end the process.
    return Promise.reject(error)
  }
}

function begun(asking: Asking, services: ActionServices, options: AnswerOptions): Promise<Reply> {
  const { method, url, headers, body } = asking
  const given = headers['x-amz-target']
  const target = typeof given === 'string' ? given : undefined
  const host = headers.host ?? 'localhost'
  const caller = callerOf(headers.authorization, url, host, options.account)
  const known = { target, host, caller }
  if (target !== undefined) return awsAnswer(asking, known, services, options)
  const own = ownEndpoint({ method, url, body, caller }, services)
  if (own === undefined) return awsAnswer(asking, known, services, options)
  return own.then((reply) => reply ?? awsAnswer(asking, known, services, options))
}

/** What was read of the headers already. */
interface Known {
  target: string | undefined
  host: string
  caller: Caller
}

function awsAnswer(
  asking: Asking,
  { target, host, caller }: Known,
  services: ActionServices,
  { secretAccessKey }: AnswerOptions,
): Promise<Reply> {
  const { method, url, headers, body, client, drop, secure } = asking
  const question = url.indexOf('?')
  const path = question === -1 ? url : url.slice(0, question)
  const { account, region, service } = caller
  const call = { host, account, region, service, path, client, drop, secure, trace: traceOf(headers), plain: false }
  if (secretAccessKey !== undefined) {
    const failure = checkSignature(asking, secretAccessKey, services.clock.now())
    if (failure !== undefined)
      return Promise.resolve(errorReply(failure, { target, service, accept: headers.accept }, services))
  }
  const query = question === -1 ? noBytes : Buffer.from(url.slice(question + 1))
  return dispatch(
    { method, signed: isSigned(url, headers), target, accept: headers.accept, query, body },
    services,
    call,
  )
}

/** Browsers say where a request comes from and never send the header by themselves; what has neither is a client's. */
const isSigned = (url: string, headers: IncomingHttpHeaders): boolean =>
  headers.authorization !== undefined ||
  (headers['sec-fetch-site'] === undefined && headers.referer === undefined && /[?&]X-Amz-Signature=/i.test(url))

/** A trace header that a message can carry: a copy, for what is cut out of a request's head would keep all of that as long as the message. */
function traceOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-amzn-trace-id']
  return typeof given === 'string' && /^[ -~]{1,500}$/.test(given)
    ? Buffer.from(given, 'latin1').toString('latin1')
    : ''
}

/** What says in which protocol and form a request is answered, as far as it is known. */
interface Form {
  target: string | undefined
  service: string
  accept: string | undefined
}

/** A refusal in the protocol of the request. */
export function errorReply(error: AwsError, { target, service, accept }: Form, { newId }: ActionServices): Reply {
  return target === undefined ? queryError(error, service, wantsJson(accept), newId()) : sqsError(error)
}
