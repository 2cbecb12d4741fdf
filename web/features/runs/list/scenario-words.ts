import type { ScenarioItem } from '#contracts/api/run.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** `any broker`, `redis, kafka`. */
export const brokersText = ({ brokers }: Pick<ScenarioItem, 'brokers'>): string =>
  brokers.includes('any') ? 'any broker' : brokers.join(', ')

/** Why it cannot be run in this lab as it is; undefined if it can. */
export function whyNot({ problem, brokers }: ScenarioItem, broker: BrokerName | undefined): string | undefined {
  if (problem !== undefined) return `the file is wrong: ${problem}`
  if (broker === undefined || brokers.includes('any') || brokers.includes(broker)) return undefined
  return `made for ${brokers.join(', ')}; the lab runs on ${broker}`
}
