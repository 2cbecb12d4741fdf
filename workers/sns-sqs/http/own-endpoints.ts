import type { Services } from '../actions/action.ts'
import { forgetPurges } from '../actions/sqs/queues.ts'
import type { Reply } from '../protocol/reply.ts'
import { StoreUnavailable, UnknownQueue } from '../stores/queue-store.ts'

const json = (status: number, value: unknown): Reply => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
})

const peekPath = /^\/_faultline\/queues\/([^/]+)\/messages$/
const maximumPeek = 1_000

/**
 * What AWS does not have: `GET /_faultline/health` (503 with the reason while the store is away), `GET /_faultline/queues/:name/messages?limit=` (default 100, at
 * most 1,000), which reads without touching receive counts, and `POST /moto-api/reset`, which empties everything.
 * Undefined where the request is none of these.
 */
export async function ownEndpoint(method: string, url: string, services: Services): Promise<Reply | undefined> {
  try {
    return await answerOwn(method, url, services)
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return json(503, { status: 'unavailable', error: error.message, notices: services.store.notices() })
  }
}

async function answerOwn(method: string, url: string, services: Services): Promise<Reply | undefined> {
  if (method === 'POST' && url === '/moto-api/reset') {
    await services.store.reset()
    forgetPurges(services.store)
    return json(200, { status: 'ok' })
  }
  if (method !== 'GET' || !url.startsWith('/_faultline/')) return undefined
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (pathname === '/_faultline/health') {
    const { queues, topics, subscriptions } = await services.store.declarations()
    const sizes = { queues: queues.size, topics: topics.size, subscriptions: subscriptions.size }
    return json(200, { status: 'ok', ...sizes, notices: services.store.notices() })
  }
  const name = peekPath.exec(pathname)?.[1]
  if (name === undefined) return json(404, { error: `there is nothing at ${pathname}` })
  const limit = Number(searchParams.get('limit') ?? 100)
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumPeek) {
    return json(400, { error: `limit must be a whole number from 1 to ${maximumPeek}` })
  }
  return peek(name, limit, services)
}

async function peek(name: string, limit: number, { store }: Services): Promise<Reply> {
  try {
    const [messages, counts] = await Promise.all([store.peek(name, limit), store.counts(name)])
    const shown = messages.map(({ message, state, visibleAt, receiveCount, deadLetterSource }) => ({
      messageId: message.id,
      state,
      receiveCount,
      sentAt: message.sentAt,
      visibleAt,
      body: message.body,
      attributes: message.attributes === '' ? {} : JSON.parse(message.attributes),
      ...(deadLetterSource === '' ? {} : { deadLetterSource }),
    }))
    return json(200, { queue: name, counts, messages: shown })
  } catch (error) {
    if (error instanceof UnknownQueue) return json(404, { error: error.message })
    throw error
  }
}
