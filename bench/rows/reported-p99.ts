import { messageRow } from '#contracts/api/journey.ts'
import { type Run, run } from '#contracts/api/run.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { percentile, spread } from '../statistics.ts'

const rate = 50
const seconds = 20
const group = 'consumer-email'

/** Arrivals do not wait for the lab, and the consumer is paused meanwhile, which a closed loop would not measure. */
const scenario = `
apiVersion: faultline/v1
kind: Scenario
metadata: { name: reported-p99, title: Reported and raw, description: A consumer stands still while messages arrive. }
seed: 1
broker: any
phases:
  - { name: load, duration: ${seconds}s, arrivalRate: ${rate}, type: order_placed }
  - { name: drain, until: drained, timeout: 180s }
faults:
  - { id: stall, type: process.pause, target: { service: ${group} }, phase: load, startAt: 5s, params: { duration: 4s } }
invariants: [at-least-once]
rollback: always
`

async function ended(url: string, id: string): Promise<Run> {
  return until(
    `the end of the run ${id}`,
    async () => {
      const now = run.parse(await (await fetch(`${url}/api/scenarios/runs/${id}`)).json())
      return now.state === 'ended' ? now : undefined
    },
    300_000,
  )
}

/** The messages of a time, page by page. */
async function publishedFrom(url: string, from: string): Promise<Map<string, number>> {
  const published = new Map<string, number>()
  for (let cursor: string | undefined; ; ) {
    const query = new URLSearchParams({ from, type: 'order_placed', limit: '500', ...(cursor ? { cursor } : {}) })
    const page = (await (await fetch(`${url}/api/messages?${query}`)).json()) as {
      items: unknown[]
      nextCursor?: string
    }
    for (const item of page.items) {
      const { id, publishedAt } = messageRow.parse(item)
      published.set(id, Date.parse(publishedAt))
    }
    if (page.nextCursor === undefined) return published
    cursor = page.nextCursor
  }
}

/**
 * The 99th percentile that the screen of a run shows, from due to effect, beside that of the raw timestamps: when the event says that it
 * was made, and when PostgreSQL says that its mail came.
 */
export async function reportedP99({ lab, witness, repetitions }: BenchContext) {
  const [reported, raw]: [number[], number[]] = [[], []]
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const from = new Date().toISOString()
    const asked = await fetch(`${lab.url}/api/scenarios/runs`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ scenario }) },
    })
    if (!asked.ok) throw new Error(`the run was answered with ${asked.status}: ${await asked.text()}`)
    const { id } = (await asked.json()) as { id: string }
    const { sample } = await ended(lab.url, id)
    const p99Ms = sample?.groups[group]?.p99Ms ?? undefined
    if (p99Ms === undefined) throw new Error('void: the run reports no 99th percentile')
    const published = await publishedFrom(lab.url, from)
    const times = await witness.mailLatencies(published)
    if (times.length !== rate * seconds) throw new Error(`void: ${times.length} mails of ${rate * seconds} messages`)
    reported.push(p99Ms)
    raw.push(percentile(times, 0.99))
  }
  return {
    unit: 'ms, 99th percentile from publish to mail, with a consumer that is paused for 4 s',
    ...{ reported: spread(reported), 'from raw timestamps': spread(raw) },
    ratio: spread(reported.map((value, index) => value / (raw[index] ?? Number.NaN))),
  }
}
