import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Discards } from './discards.ts'

/** Dead letters of a broker that no producer of the lab published, by group, without those that somebody discarded; groups without any are left out. */
export function unowedLetters(
  ledger: Pick<Ledger, 'unnamedDeadLetters'>,
  broker: BrokerName,
  groups: readonly Pick<ConsumerDeclaration, 'name'>[],
  discards: Discards | undefined,
): Record<string, number> {
  return Object.fromEntries(
    groups.flatMap(({ name: group }) => {
      const discarded = discards?.of(broker, group).filter(({ messageId }) => messageId === undefined).length ?? 0
      const count = ledger.unnamedDeadLetters.of(broker, group) - discarded
      return count > 0 ? [[group, count]] : []
    }),
  )
}
