import { burstEnd, messagesOf, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { percentile } from '../statistics.ts'

/** Publishing to the later of both effects at 50 messages a second, by the clocks of the event and of the effect store. */
export async function latency({ lab, witness }: BenchContext) {
  const count = 1_000
  // Warm-up: the first messages of a new lab wait for compiled code and first connections.
  await burstEnd(
    lab.url,
    await startBurst(lab.url, { type: 'order_placed', count: 2_000, ratePerSecond: 200 }),
    120_000,
  )
  const id = await startBurst(lab.url, { type: 'order_placed', count, ratePerSecond: 50 })
  await burstEnd(lab.url, id, 120_000)
  const rows = await until('all settled', async () => {
    const messages = await messagesOf(lab.url, id)
    return messages.length === count && messages.every((row) => row.settledInMs !== undefined) ? messages : undefined
  })
  const samples = await witness.latencies(new Map(rows.map((row) => [row.id, Date.parse(row.publishedAt)])))
  if (samples.length !== count) throw new Error(`void: ${samples.length} of ${count} messages have both effects`)
  return {
    unit: 'ms, publish to both effects at 50 msg/s',
    p50: percentile(samples, 0.5),
    p99: percentile(samples, 0.99),
    messages: samples.length,
  }
}
