import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type BrokerName, brokerName, defaultBroker } from './broker-name.ts'

/**
 * What web and each sidecar keep on disk of the broker that they last ran on, to know it at their next start. Web's is
 * `state/broker.json` in the data folder, which the supervisor reads too.
 */
export const keptBroker = z.object({
  broker: brokerName,
  /** The start of the lab in which it was kept: see `startIdOf`. */
  start: z.string(),
  /** `BROKER` of that process then; absent if it had none. */
  given: brokerName.optional(),
})
export type KeptBroker = z.infer<typeof keptBroker>

/**
 * The broker of a process that starts. `BROKER` decides at the first start, and again whenever the lab is started again
 * with it or it has changed. A process that is started again within the same lab (after a crash, in a container that
 * restarts) goes on with what it kept, and so does a lab that is started without `BROKER`.
 */
export function brokerAtStart(given: BrokerName | undefined, start: string, kept: KeptBroker | undefined): BrokerName {
  if (!kept) return given ?? defaultBroker
  if (given === undefined || (kept.start === start && kept.given === given)) return kept.broker
  return given
}

/** Names one start of the lab: made of `FAULTLINE_AGENT_TOKEN`, which is new at each, and does not tell it. */
export const startIdOf = (agentToken: string): string =>
  createHash('sha256').update(`start ${agentToken}`).digest('hex').slice(0, 16)
