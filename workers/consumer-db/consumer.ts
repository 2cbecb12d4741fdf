import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { Consumer } from '#workers/runtime/run-consumer.ts'
import type { Store } from './store.ts'

/** Batches at a time, each on a connection of its own: one is committed while the other is being prepared. */
export const concurrency = 2
/** A transaction costs about the same for one row and for many; under load the batches grow to this. */
const batchSize = 200

const did = ({ suppressed, superseded }: Effect): string => {
  if (suppressed) return 'found already done:'
  return superseded ? 'left as it is, since a newer event wrote it:' : 'wrote'
}

/** consumer-db as data: a batch of events becomes one transaction. */
export function databaseConsumer(group: string, store: Store): Consumer {
  return {
    group,
    concurrency,
    batchSize,
    async batch(events) {
      const results = await store.write(
        events.map(({ id, type, data, eventType, envelope: { time, body } }) => ({
          ...{ messageId: id, type, time, data, body },
          isGeneric: eventType?.builtIn === false,
          table: eventType?.table,
        })),
      )
      for (const [index, event] of events.entries()) {
        const result = results[index]
        if (result === undefined || result instanceof Error) continue
        event.say(`${did(result)} ${result.ref}`)
      }
      return results
    },
  }
}
