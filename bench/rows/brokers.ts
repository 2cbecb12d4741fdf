import { labBroker } from '#contracts/api/lab-broker.ts'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { until } from '../../test/until.ts'
import { startBareLoop } from '../bare/start.ts'
import type { BenchContext } from '../context.ts'
import { throughput } from './throughput.ts'

/** Moves the lab to a broker and waits until it publishes there. */
async function moveTo(url: string, broker: BrokerName): Promise<void> {
  const path = `${url}/api/lab/broker`
  const headers = { 'content-type': 'application/json' }
  const now = async () => labBroker.parse(await (await fetch(path)).json())
  if ((await now()).broker === broker) return
  const asked = await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ broker }) })
  if (!asked.ok) throw new Error(`a switch to ${broker} was answered with ${asked.status}: ${await asked.text()}`)
  await until(
    `the lab on ${broker}`,
    async () => {
      const { broker: on, state } = await now()
      return on === broker && state === 'ready'
    },
    120_000,
  )
}

/** Row 1 of each broker, one after the other in one lab; within each, pipe and bare loop take turns. */
export async function brokers(context: BenchContext, env: Record<string, string | undefined>) {
  const { DATABASE_URL = '', SMTP_URL = '' } = env
  const addresses: Partial<Record<BrokerName, Parameters<typeof startBareLoop>[0]['broker']>> = {
    local: { endpoint: env.AWS_ENDPOINT_URL ?? '' },
    redis: { endpoint: env.SNS_SQS_REDIS_ENDPOINT_URL ?? '' },
    kafka: { kafka: env.KAFKA_BROKERS ?? '' },
  }
  const figures: Partial<Record<BrokerName, unknown>> = {}
  for (const broker of brokerName.options) {
    const address = addresses[broker]
    // There is no bare loop for others.
    if (address === undefined) continue
    await moveTo(context.lab.url, broker)
    const bare = await startBareLoop({ broker: address, DATABASE_URL, SMTP_URL })
    figures[broker] = await throughput(context, bare).finally(bare.stop)
  }
  return figures
}
