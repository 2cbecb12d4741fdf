import type { ActionServices } from '../actions/action.ts'
import { optOut } from '../actions/sns/sms.ts'
import { forgetPurges } from '../actions/sqs/queues.ts'
import type { Reply } from '../protocol/reply.ts'
import { isPhoneNumber } from '../semantics/endpoints.ts'
import { parseQueueArn } from '../semantics/names.ts'
import { StoreUnavailable } from '../stores/queue-store.ts'
import { explainEndpoint, trialEndpoint } from './explain-endpoint.ts'
import { faultEndpoint } from './fault-endpoints.ts'
import { json, maximumPeek, type OwnRequest, readObject, wholeNumberField } from './own-request.ts'
import { overview, peek } from './queue-endpoints.ts'

const peekPath = /^\/_faultline\/queues\/([^/]+)\/messages$/
/** A clock is moved by at most 15 days at a time: one more than anything is retained. */
const farthestMs = 15 * 86_400_000

/**
 * What AWS does not have: `GET /_faultline/health` (503 with the reason while the store is away), `GET /_faultline/queues/:name/messages?limit=` (default 100, at
 * most 1,000; `?region=`, `?account=`), which reads without touching receive counts (`?offset=`, `?body=` for at most so many characters of each), `GET /_faultline/queues`, all that is declared with
 * its counts, `POST /_faultline/sns/explain`, why a message reaches a subscription or does not, `POST /_faultline/sns/try`, which of many another policy would let pass, `GET /_faultline/sns/deliveries`, `POST /_faultline/clock`, the faults
 * under `/_faultline/faults`, the certificate of signatures, and `POST /moto-api/reset`, which empties everything. Undefined if the request is none of these.
 */
export function ownEndpoint(request: OwnRequest, services: ActionServices): Promise<Reply | undefined> | undefined {
  const { url } = request
  const isOwn = url.startsWith('/_faultline/') || url === '/moto-api/reset' || url.endsWith('.pem')
  return isOwn ? answered(request, services) : undefined
}

async function answered(request: OwnRequest, services: ActionServices): Promise<Reply | undefined> {
  try {
    return await answerOwn(request, services)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return json(503, { status: 'unavailable', error: error.message, notices: services.store.notices() })
  }
}

async function answerOwn(request: OwnRequest, services: ActionServices): Promise<Reply | undefined> {
  const { method, url } = request
  if (url.endsWith('.pem')) {
    const text = method === 'GET' ? await services.signer.certificateAt(url) : undefined
    return text === undefined ? undefined : { status: 200, contentType: 'application/x-pem-file', text }
  }
  if (url === '/moto-api/reset') return method === 'POST' ? reset(services) : undefined
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const asked = `${method} ${pathname}`
  if (asked === 'GET /_faultline/health') return health(services)
  if (asked === 'GET /_faultline/sns/deliveries') {
    const limit = wholeNumberField(searchParams, 'limit', 100, 1, maximumPeek)
    return typeof limit === 'number' ? json(200, { deliveries: services.deliveries.list(limit) }) : limit
  }
  if (asked === 'POST /_faultline/clock') return moveClock(request.body, services)
  if (asked === 'POST /_faultline/sns/opted-out') return optOutPhone(request, services)
  if (pathname.startsWith('/_faultline/faults')) return faultEndpoint(method, pathname, request.body, services)
  if (asked === 'POST /_faultline/sns/explain') return explainEndpoint(request, services)
  if (asked === 'POST /_faultline/sns/try') return trialEndpoint(request, services)
  if (asked === 'GET /_faultline/queues') return overview(services)
  const name = method === 'GET' ? peekPath.exec(pathname)?.[1] : undefined
  if (name === undefined) return json(404, { error: `there is nothing at ${method} ${pathname}` })
  return peek(name, searchParams, request.caller, services)
}

async function reset(services: ActionServices): Promise<Reply> {
  await services.store.reset()
  forgetPurges(services.store)
  services.deliveries.clear()
  services.faults.healAll()
  services.clock.restore()
  services.signer.forget()
  return json(200, { status: 'ok' })
}

async function health({ store }: ActionServices): Promise<Reply> {
  const { queues, topics, subscriptions } = await store.declarations()
  const own = [...queues.keys()].filter((one) => parseQueueArn(one) !== undefined)
  const sizes = { queues: own.length, topics: topics.size, subscriptions: subscriptions.size }
  return json(200, { status: 'ok', ...sizes, notices: store.notices() })
}

function moveClock(body: Buffer, { clock }: ActionServices): Reply {
  const { advanceMs } = readObject(body)
  if (typeof advanceMs !== 'number' || !Number.isInteger(advanceMs) || advanceMs < 0 || advanceMs > farthestMs) {
    return json(400, { error: `advanceMs must be a whole number from 0 to ${farthestMs}` })
  }
  clock.advance(advanceMs)
  return json(200, { now: clock.now(), aheadMs: clock.aheadMs() })
}

async function optOutPhone({ body, caller }: OwnRequest, services: ActionServices): Promise<Reply> {
  const { phoneNumber } = readObject(body)
  if (typeof phoneNumber !== 'string' || !isPhoneNumber(phoneNumber)) {
    return json(400, { error: 'phoneNumber must be a phone number as in +15551234567' })
  }
  await optOut(phoneNumber, services, caller)
  return json(200, { phoneNumber })
}
