import { type FlowFigures, flowList, flowView } from '#contracts/api/flow.ts'
import { ledgerReport } from '#contracts/api/ledger.ts'
import { burstEnd, messagesOf, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import { type Hop, hops } from './names.ts'
import { type Parcels, timedParcels } from './open-parcels.ts'

const settledWithinMs = 120_000

export async function flowFiguresOf(url: string): Promise<FlowFigures> {
  const [figures] = flowList.parse(await (await fetch(`${url}/api/flows?limit=1`)).json()).figures
  if (figures === undefined) throw new Error('the lab has no flows')
  return figures
}

/** Deliveries that the ledger has settled, and messages that it calls lost. */
export async function deliveriesOf(url: string): Promise<{ delivered: number; lost: number }> {
  const { groups } = ledgerReport.parse(await (await fetch(`${url}/api/ledger`)).json())
  const sum = (key: 'delivered' | 'lost'): number => groups.reduce((total, group) => total + group[key], 0)
  return { delivered: sum('delivered'), lost: sum('lost') }
}

/**
 * `count` orders through the lab's chain; orders a second until the last parcel is in the database. Rejects where parcels, flows or
 * deliveries are more or fewer than that.
 */
export async function labRound(url: string, parcels: Parcels, count: number): Promise<number> {
  const [flows, { delivered }] = await Promise.all([flowFiguresOf(url), deliveriesOf(url)])
  const order = { type: 'order_placed', count, ratePerSecond: 100_000 }
  const seconds = await timedParcels(parcels, count, () => startBurst(url, order))
  await untilEnded(url, flows.ended + count)
  const now = await flowFiguresOf(url)
  const more = (await deliveriesOf(url)).delivered - delivered
  if (now.started - flows.started !== count || now.overdue !== flows.overdue || more !== count * hops.length)
    throw new Error(`void: ${JSON.stringify(now)} after ${JSON.stringify(flows)}, and ${more} deliveries`)
  return count / seconds
}

const untilEnded = (url: string, ended: number): Promise<unknown> =>
  until(
    `${ended} flows that have ended`,
    async () => {
      const now = await flowFiguresOf(url)
      return now.ended >= ended && now.open === 0
    },
    settledWithinMs,
  )

/** Milliseconds from an event's publish until it was handled and the broker had what it caused, by service, of a burst at a rate. */
export async function labLatencies(
  url: string,
  count: number,
  ratePerSecond: number,
): Promise<Map<Hop['service'], number[]>> {
  const { ended } = await flowFiguresOf(url)
  const id = await startBurst(url, { type: 'order_placed', count, ratePerSecond })
  await burstEnd(url, id, settledWithinMs)
  await untilEnded(url, ended + count)
  const latencies = new Map<Hop['service'], number[]>(hops.map(({ service }) => [service, []]))
  for (const order of await messagesOf(url, id)) {
    const { journeys } = flowView.parse(await (await fetch(`${url}/api/flows/${order.id}`)).json())
    for (const { service, takes } of hops) {
      const event = journeys.find(({ type }) => type === takes)
      const attempt = event?.obligations.find(({ group }) => group === service)?.attempts.at(-1)
      if (event === undefined || attempt?.handlingMs === undefined)
        throw new Error(`void: the flow ${order.id} has no ${takes} that ${service} handled`)
      const handledAt = Date.parse(attempt.startedAt) + attempt.handlingMs
      latencies.get(service)?.push(handledAt - Date.parse(event.publish.attemptedAt))
    }
  }
  return latencies
}
