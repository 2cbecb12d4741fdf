import { labBroker } from '#contracts/api/lab-broker.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { until } from '../test/until.ts'

/** Moves the lab to a broker and waits until it publishes there. */
export async function moveTo(url: string, broker: BrokerName): Promise<void> {
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
