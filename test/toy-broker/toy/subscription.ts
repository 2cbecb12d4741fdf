import type {
  Confirmation,
  Delivery,
  DeliveryHandler,
  RunningSubscription,
  Settlement,
  SubscribeOptions,
} from '#workers/broker/broker.ts'
import { type DeadLetterMetadata, deathHeader } from '#workers/broker/dead-letter-metadata.ts'
import { deliveryOf, type Stored, type ToyStore } from './store.ts'

const lookEveryMs = 10
/** After this long a message whose settlement was withheld is handed out again. */
const withheldMs = 1_000

/** READING → STOPPING → STOPPED. It looks for messages a hundred times a second, which is good enough for a toy. */
export function startToySubscription(
  store: ToyStore,
  group: string,
  handle: DeliveryHandler,
  { concurrency = 4, batchSize = 10, onSettled, onTrouble }: SubscribeOptions,
): RunningSubscription & { abandon(): void } {
  const holder = {}
  const running = new Set<Promise<void>>()
  let inHand = 0
  let reported: string | undefined | null = null
  const timer = setInterval(look, lookEveryMs)

  function look(): void {
    const missing = store.find(group) ? undefined : `the queue ${group} does not exist`
    const trouble = store.isUp ? missing : `the queue ${group} cannot be read: the toy broker is away`
    if (trouble !== reported) onTrouble?.(trouble)
    reported = trouble
    if (trouble !== undefined) return
    while (running.size < concurrency) {
      const batch = store.receive(group, holder, batchSize)
      if (batch.length === 0) return
      const work = run(batch).finally(() => running.delete(work))
      running.add(work)
    }
  }

  async function run(batch: Stored[]): Promise<void> {
    inHand += batch.length
    const deliveries = batch.map((message) => deliveryOf(group, message))
    const settlements = await handle(deliveries).catch(() => deliveries.map((): Settlement => ({ kind: 'release' })))
    // After the grace time they are in other hands.
    if (batch.some((message) => message.holder !== holder)) return
    inHand -= batch.length
    const confirmed = batch.map((message, index) => settle(message, deliveries[index], settlements[index]))
    onSettled?.(deliveries, settlements, confirmed)
  }

  function settle(message: Stored, delivery: Delivery | undefined, settlement: Settlement | undefined): Confirmation {
    delete message.holder
    const queue = store.find(group)
    if (!store.isUp || !queue || !settlement || settlement.kind === 'withheld') {
      message.dueAt = Date.now() + withheldMs
      return false
    }
    if (settlement.kind === 'retry') {
      message.attempt += 1
      // Not a millisecond before it is due.
      message.dueAt = Date.now() + settlement.delayMs + 1
      return true
    }
    if (settlement.kind === 'release') return true
    queue.messages.splice(queue.messages.indexOf(message), 1)
    if (settlement.kind === 'dead-letter') {
      const { reason, error, attempts } = settlement
      const { topic, receiveCount, ref, headers } = message
      const at = Date.now()
      const id = delivery?.envelope?.id
      const note: DeadLetterMetadata = {
        topic,
        group,
        attempts,
        receiveCount,
        reason,
        error,
        ref,
        at,
        ...(id === undefined ? {} : { id }),
      }
      queue.dead.push({ ...message, headers: { ...headers, [deathHeader]: JSON.stringify(note) }, at })
    }
    return true
  }

  function abandon(): void {
    clearInterval(timer)
    for (const message of store.find(group)?.messages ?? []) if (message.holder === holder) delete message.holder
    inHand = 0
  }

  return {
    inHand: () => inHand,
    abandon,
    async stop(graceMs) {
      clearInterval(timer)
      let late: NodeJS.Timeout | undefined
      const grace = new Promise<void>((resolve) => {
        late = setTimeout(resolve, graceMs)
      })
      await Promise.race([Promise.all(running), grace])
      clearTimeout(late)
      abandon()
    },
  }
}
