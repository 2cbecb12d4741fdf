import type { FaultInput } from '#contracts/faults/fault.ts'
import { type FaultClient, faultClient } from '../../test/fault-client.ts'
import { burstEnd, burstNow, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'

/** Kills, cuts and delays: one after the other, each in a turn of its own, then from the first again. */
export const faultsInTurn: readonly FaultInput[] = [
  { type: 'process.kill', target: { instance: 'consumer-db-2' }, params: { restartAfterMs: 2_000 } },
  { type: 'link.down', target: { link: 'consumer-db->database' } },
  { type: 'link.latency', target: { link: 'consumer-email->smtp' }, params: { latencyMs: 200, jitterMs: 100 } },
  { type: 'process.kill', target: { service: 'consumer-email' }, params: { restartAfterMs: 2_000 } },
  { type: 'link.down', target: { link: 'consumer-email->broker' } },
  { type: 'link.latency', target: { link: 'consumer-db->database' }, params: { latencyMs: 100 } },
  { type: 'process.kill', target: { service: 'producer' }, params: { restartAfterMs: 2_000 } },
  { type: 'link.reset_peer', target: { link: 'consumer-db->broker' } },
  { type: 'link.latency', target: { link: 'producer->broker' }, params: { latencyMs: 150 } },
  { type: 'process.pause', target: { instance: 'consumer-db-2' }, params: { durationMs: 8_000 } },
  { type: 'broker.down', target: 'broker', params: { durationMs: 5_000 } },
]

/** How long a fault is in effect that does not end by itself: shorter than the retries of a consumer take. */
const standsMs = 8_000
/** What a lab may take to come back after a fault on a busy machine. */
const backWithinMs = 180_000

/** A machine that is busy may close a connection under a request: what has no answer is asked again. */
const answered = <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => until(what, ask, backWithinMs)

/** Injects one fault and resolves when it is healed. */
async function oneFault(client: FaultClient, fault: FaultInput): Promise<void> {
  const { status, body } = await answered(`an answer to ${fault.type}`, async () => {
    const answer = await client.inject(fault)
    // The first request had no answer, and took effect.
    const standing =
      answer.status === 409
        ? (await client.faults()).find(({ type, state }) => type === fault.type && state !== 'healed')
        : undefined
    return standing === undefined ? answer : { status: 201, body: standing }
  })
  if (status >= 300) throw new Error(`the fault ${fault.type} was answered with ${status}: ${JSON.stringify(body)}`)
  const end = Date.now() + standsMs
  await until(
    `${standsMs} ms of ${fault.type}`,
    async () => Date.now() >= end || (await client.fault(body.id)).state === 'healed',
    backWithinMs,
  )
  await answered(`the healing of ${fault.type}`, () => client.heal(body.id))
  await client.healed(body.id)
}

/**
 * One turn: messages at a bounded rate for so long, and a fault in the midst of them. A producer that is killed takes its burst with
 * it; the rest of the turn has a burst of its own. Resolves when the fault is healed and the lab is ready.
 */
export async function oneTurn(
  url: string,
  { fault, ratePerSecond, turnMs }: { fault: FaultInput; ratePerSecond: number; turnMs: number },
): Promise<void> {
  const client = faultClient(url)
  const end = Date.now() + turnMs
  const order = (durationMs: number) =>
    answered('a producer that takes a burst', () =>
      startBurst(url, { type: 'order_placed', durationMs, ratePerSecond }),
    )
  const first = await order(turnMs)
  await until(
    'a tenth of the turn',
    async () => {
      const { attempted, state } = await burstNow(url, first)
      return state !== 'running' || attempted * 10 >= (ratePerSecond * turnMs) / 1_000
    },
    backWithinMs,
  )
  await oneFault(client, fault)
  await until('a ready lab', async () => (await fetch(`${url}/readyz`)).ok, backWithinMs)
  await burstEnd(url, first, turnMs + backWithinMs)
  const left = end - Date.now()
  if (left >= 1_000) {
    const rest = await order(left)
    await burstEnd(url, rest, left + backWithinMs)
  }
}
