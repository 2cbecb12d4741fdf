import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { startBareLoop } from '../bare/start.ts'
import { bareBrokerOf } from '../bare/wire.ts'
import type { BenchContext } from '../context.ts'
import { moveTo } from '../move-to.ts'
import { throughput } from './throughput.ts'

/** Row 1 of each broker, one after the other in one lab; within each, pipe and bare loop take turns. */
export async function brokers(context: BenchContext, env: Record<string, string | undefined>) {
  const { DATABASE_URL = '', SMTP_URL = '' } = env
  const figures: Partial<Record<BrokerName, unknown>> = {}
  for (const broker of context.brokers) {
    const address = bareBrokerOf(broker, env)
    if (address === undefined) continue
    await moveTo(context.lab.url, broker)
    const bare = await startBareLoop({ broker: address, DATABASE_URL, SMTP_URL })
    figures[broker] = await throughput(context, bare).finally(bare.stop)
  }
  return figures
}
