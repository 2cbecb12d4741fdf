import { type Broker, BrokerUnavailable } from '../broker.ts'
import { sleep } from '../sleep.ts'
import { openKafka } from './kafka/client.ts'
import { openCluster } from './kafka/cluster/cluster.ts'
import { dropLeavings } from './kafka/cluster/drop.ts'
import { inspectCluster } from './kafka/cluster/inspect.ts'
import { readPartition } from './kafka/cluster/topic-reader.ts'
import { declareWiring } from './kafka/cluster/wiring.ts'
import { copyOf } from './kafka/consume/delivery.ts'
import { type KafkaSubscription, startSubscription } from './kafka/consume/subscription.ts'
import { kafkaDeadLetters } from './kafka/dead-letters.ts'
import { errorInfoOf } from './kafka/kafka-error.ts'
import { type KafkaOptions, withDefaults } from './kafka/options.ts'
import { createCopyStore } from './kafka/produce/copy-store.ts'
import { createProduce } from './kafka/produce/produce.ts'
import { kafkaPublisher } from './kafka/produce/publish.ts'
import { createSender } from './kafka/produce/sender.ts'

export type { KafkaOptions } from './kafka/options.ts'

/**
 * A topic per topic of the lab, a consumer group per group, retry topics and a dead-letter topic per group. Speaks to any
 * Kafka cluster that kafkajs speaks to; topics that exist are used as they are.
 */
export function kafkaBroker(options: KafkaOptions): Broker {
  const settings = withDefaults(options)
  const kafka = openKafka(settings)
  const cluster = openCluster(kafka)
  const send = createSender(cluster, createProduce(cluster, settings.requestTimeoutMs, sleep), settings)
  const store = createCopyStore({ kafka, cluster, send, settings, sleep })
  const deadLetters = kafkaDeadLetters({ kafka, cluster, send, store, now: settings.now })
  const subscriptions = new Set<KafkaSubscription>()
  return {
    system: 'kafka',
    deadLetters: {
      list: (group, limit) => orUnavailable(() => deadLetters.list(group, limit)),
      redrive: (group, requests) => orUnavailable(() => deadLetters.redrive(group, requests)),
      discard: (group, refs) => orUnavailable(() => deadLetters.discard(group, refs)),
    },
    log: {
      read: (at, take) => orUnavailable(() => readPartition(cluster, at, (message) => take(copyOf(message)))),
    },
    declare: (wiring) => orUnavailable(() => declareWiring({ kafka, cluster, settings }, wiring)),
    drop: (leavings) => orUnavailable(() => dropLeavings({ kafka, cluster }, leavings)),
    publish: kafkaPublisher(send, settings.maxMessageBytes),
    async subscribe(group, handle, subscribeOptions = {}) {
      const subscription = startSubscription(
        { kafka, cluster, settings, store, sleep },
        group,
        handle,
        subscribeOptions,
      )
      subscriptions.add(subscription)
      await subscription.contacted
      return {
        inHand: subscription.inHand,
        async stop(graceMs) {
          await subscription.stop(graceMs)
          subscriptions.delete(subscription)
        },
      }
    },
    inspect: () => orUnavailable(() => inspectCluster(cluster, deadLetters.count)),
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.abandon()))
      await cluster.close()
    },
  }
}

async function orUnavailable<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (cause) {
    const { type, message } = errorInfoOf(cause)
    throw new BrokerUnavailable(`Kafka does not answer as it should (${type}: ${message})`, { cause })
  }
}
