import { unpackedHeaders } from '#contracts/events/attribute-room.ts'
import type { StoredCopy } from '#workers/broker/broker.ts'
import { placeOfArn } from './arns.ts'
import type { QueuePlace } from './queue-place.ts'

/** Characters of a body that are compared; a longer one counts as cut. */
const comparedCharacters = 65_536

/**
 * The oldest messages of the lab's queue of that name, read without touching them; a sentence says why that cannot be. Rejects with
 * `broker_down`.
 */
export async function copiesIn(
  place: QueuePlace | string,
  name: string,
  limit: number,
): Promise<StoredCopy[] | string> {
  if (typeof place === 'string') return place
  const { simulator, overview, region, reason } = place
  if (!simulator || !overview) return reason ?? 'it cannot be looked into'
  const named = overview.queues.map(({ arn }) => placeOfArn(arn))
  const queue = named.find((one) => one?.kind === 'queue' && one.name === name && one.region === region)
  if (!queue) return `no queue of ${region} is named ${name}`
  const { messages } = await simulator.peek(queue, { offset: 0, limit, body: comparedCharacters })
  return messages.map(({ body, bodyCharacters, attributes }) => ({
    body,
    ...(bodyCharacters === undefined ? {} : { isCut: true }),
    headers: unpackedHeaders(
      Object.fromEntries(Object.entries(attributes).map(([header, { StringValue = '' }]) => [header, StringValue])),
    ),
  }))
}
