import {
  type BrokerMetadata,
  type Cluster,
  Kafka,
  type Broker as KafkaNode,
  logLevel,
  type RetryOptions,
  type SASLOptions,
} from 'kafkajs'
import type { KafkaSettings } from './options.ts'

/** Attempts to connect and to find a coordinator or a leader; no produce request is ever repeated by kafkajs. */
const retry: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 }

/** kafkajs itself, with the settings that recovered from every fault of a link in about a second. */
export function openKafka(settings: KafkaSettings, clientId = 'faultline'): Kafka {
  ignoreNegativeTimers()
  const { brokers, ssl, sasl } = settings
  return new Kafka({
    clientId,
    brokers,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    connectionTimeout: settings.connectTimeoutMs,
    authenticationTimeout: settings.requestTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    retry,
    // What goes wrong is reported through outcomes and `onTrouble`; kafkajs would print every attempt of its own.
    logLevel: logLevel.NOTHING,
  })
}

/**
 * The kafkajs object that knows brokers, leaders and coordinators and sends single requests. Its producer and admin hide
 * it, and with it what the driver must know: whether a produce request had left when it failed, offsets of many topics in
 * one request, commits with a text to a group without members. Partition assigners are given it, so a consumer that
 * never runs hands it out.
 */
export function clusterOf(kafka: Kafka): Cluster {
  let found: Cluster | undefined
  kafka.consumer({
    groupId: 'faultline',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      ({ cluster }) => {
        found = cluster
        return {
          name: 'none',
          version: 0,
          assign: async () => [],
          protocol: () => ({ name: 'none', metadata: Buffer.alloc(0) }),
        }
      },
    ],
  })
  if (!found) throw new Error('this kafkajs does not hand its cluster to partition assigners')
  return found
}

/** What the cluster said of its topics at the last look. kafkajs keeps it and gives it only by name, so names have no other source. */
export function lastMetadataOf(cluster: Cluster): Pick<BrokerMetadata, 'topicMetadata'> {
  const { brokerPool } = cluster as Cluster & { brokerPool?: { metadata?: BrokerMetadata | null } }
  if (!brokerPool?.metadata) throw new Error('no broker of the cluster has answered')
  return brokerPool.metadata
}

/** Connections that are being made: kafkajs would make one for each request that finds none, and keep the last. */
const connecting = new WeakMap<KafkaNode, Promise<unknown>>()

/**
 * Makes the connection that produce requests take, where there is none. kafkajs makes it within the request, where nobody can tell its
 * failure from one that came after the request had left.
 */
export async function connectTo(node: KafkaNode): Promise<void> {
  const { connectionPool } = node as KafkaNode & { connectionPool?: { getConnection(): Promise<unknown> } }
  if (!connectionPool) throw new Error('this kafkajs does not hand out its connections')
  const made = connecting.get(node) ?? connectionPool.getConnection().finally(() => connecting.delete(node))
  connecting.set(node, made)
  await made
}

const negativeTimer = 'TimeoutNegativeWarning'
let ignored = false

/**
 * kafkajs looks after throttled requests with a timer that is set to before 1970 if none is, which Node takes as 1 ms and newer
 * Nodes complain of, in each process once and never again, whoever does it next. So nothing else is hidden.
 */
export function ignoreNegativeTimers(): void {
  if (ignored) return
  ignored = true
  const { emitWarning } = process
  const emitOthers = (...args: unknown[]): void => {
    if (args[1] !== negativeTimer) Reflect.apply(emitWarning, process, args)
  }
  Object.assign(process, { emitWarning: emitOthers })
}
