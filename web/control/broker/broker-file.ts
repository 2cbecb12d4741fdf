import type { z } from 'zod'
import { brokerAtStart, keptBroker } from '#contracts/brokers/broker-choice.ts'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'

const brokerFile = keptBroker.extend({
  /** Workers were ordered to move to this one, and it is not known yet whether they can: until then `broker` counts. */
  movingTo: brokerName.optional(),
})

/** The broker that the lab runs on, over restarts. */
export interface BrokerFile {
  /** What the file said when it was opened; `keep` does not change it. */
  readonly broker: BrokerName
  /** Set where workers may still be on another broker than that: why, for a person. */
  readonly unsettled: string | undefined
  /** Rejects if the data folder cannot be written. */
  keep(broker: BrokerName, movingTo?: BrokerName): Promise<void>
}

/** `given` and `start` are of this process: see `brokerAtStart`. What they decide counts from the first `keep` on. */
export async function openBrokerFile(
  path: string,
  { given, start }: { given?: BrokerName | undefined; start: string },
): Promise<BrokerFile> {
  const found = await readStateFile(path, brokerFile)
  const broker = brokerAtStart(given, start, found)
  const keep = (name: BrokerName, movingTo?: BrokerName): Promise<void> =>
    writeStateFile(path, {
      broker: name,
      start,
      ...(given === undefined ? {} : { given }),
      ...(movingTo === undefined ? {} : { movingTo }),
    } satisfies z.infer<typeof brokerFile>)
  const unsettled = unsettledBy(found, broker)
  if (unsettled === undefined) await keep(broker)
  return { broker, unsettled, keep }
}

function unsettledBy(found: z.infer<typeof brokerFile> | undefined, broker: BrokerName): string | undefined {
  if (found?.movingTo !== undefined) return `the control plane was started again during the switch to ${found.movingTo}`
  if (found && found.broker !== broker) return `the lab ran on ${found.broker} and was started with BROKER=${broker}`
  return undefined
}
