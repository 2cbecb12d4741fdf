import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { childPids } from '../../test/child-pids.ts'
import { startLab } from '../../test/lab.ts'
import { environmentOf } from '../../test/lab-client.ts'
import { bareBrokerOf } from '../bare/wire.ts'
import type { BenchContext } from '../context.ts'
import { moveTo } from '../move-to.ts'
import { interleaved, percentile, spread } from '../statistics.ts'
import { labLatencies, labRound } from './chain-lab.ts'
import { chainLab, type Hop, hops } from './names.ts'
import { openParcels, type Parcels, timedParcels } from './open-parcels.ts'
import { bareCpu, labCpu, metered, timesAsMuch } from './processor-time.ts'
import { type BareChain, startBareChain } from './start-bare-chain.ts'

/** Orders whose hops are timed one by one, and how many of them begin in a second: far below what either side can do. */
const timed = { count: 500, ratePerSecond: 50 }

/**
 * A chain of four hops with a Python program, and the same chain in bare clients on the same broker and database, in turn. A round is void
 * where the counts of parcels, flows or deliveries do not agree.
 */
export async function chain({ repetitions, count, brokers }: Pick<BenchContext, 'repetitions' | 'count' | 'brokers'>) {
  const lab = await startLab({ FAULTLINE_LAB: chainLab })
  const env = environmentOf(childPids(lab.dataDir).web ?? 0)
  const { DATABASE_URL = '' } = env
  const parcels = openParcels(DATABASE_URL)
  const figures: Partial<Record<BrokerName, unknown>> = {}
  try {
    for (const broker of brokers) {
      const address = bareBrokerOf(broker, env)
      if (address === undefined) continue
      await moveTo(lab.url, broker)
      const bare = await startBareChain(address, DATABASE_URL)
      try {
        const whole = metered(labCpu(lab), count, () => labRound(lab.url, parcels, count))
        const alone = metered(
          bareCpu(bare.pids),
          count,
          async () => count / (await timedParcels(parcels, count, () => bare.publish(count))),
        )
        const { first, second, ratio } = await interleaved(repetitions, whole.round, alone.round)
        const cpu = {
          unit: 'µs an order, without broker and database',
          ...{ chain: spread(whole.perOrder()), bare: spread(alone.perOrder()) },
          timesAsMuch: timesAsMuch(whole.perOrder(), alone.perOrder()),
        }
        const latency = {
          chain: inWords(await labLatencies(lab.url, timed.count, timed.ratePerSecond)),
          bare: inWords(await bareLatencies(bare, parcels)),
        }
        figures[broker] = { unit: 'orders/s', chain: first, bare: second, ratio, cpu, latency }
        console.log(broker, JSON.stringify(figures[broker]))
      } finally {
        await bare.stop()
      }
    }
  } finally {
    await parcels.close()
    await lab.stop()
  }
  return { count, timed, ...figures }
}

async function bareLatencies(bare: BareChain, parcels: Parcels): Promise<Map<Hop['service'], number[]>> {
  await bare.latencies()
  await timedParcels(parcels, timed.count, () => bare.publish(timed.count, 1_000 / timed.ratePerSecond))
  const latencies = await bare.latencies()
  for (const { service } of hops)
    if (latencies.get(service)?.length !== timed.count)
      throw new Error(`void: the bare ${service} handled ${latencies.get(service)?.length} of ${timed.count}`)
  return latencies
}

/** `p50 / p99` in milliseconds, by service. */
const inWords = (latencies: ReadonlyMap<Hop['service'], number[]>): Record<string, string> =>
  Object.fromEntries(
    [...latencies].map(([service, ms]) => [
      service,
      `${percentile(ms, 0.5).toFixed(1)} / ${percentile(ms, 0.99).toFixed(1)} ms`,
    ]),
  )
