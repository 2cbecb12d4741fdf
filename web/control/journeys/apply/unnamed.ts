import { type BrokerName, defaultBroker } from '#contracts/brokers/broker-name.ts'
import type { ApplyContext } from './apply-context.ts'

/** Enters the dead letters of a record that no identity names: `sign` 1 where they were given up, -1 where they went back; given up again they are counted again. */
export function countUnnamed(
  { sink }: Pick<ApplyContext, 'sink'>,
  { unnamed = 0, broker = defaultBroker }: { unnamed?: number | undefined; broker?: BrokerName | undefined },
  group: string,
  sign: 1 | -1,
): void {
  if (unnamed > 0) sink.addUnnamed(broker, group, sign * unnamed)
}
