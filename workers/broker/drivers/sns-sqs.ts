import { type Broker, BrokerUnavailable } from '../broker.ts'
import { sleep } from '../sleep.ts'
import { errorInfoOf } from './sns-sqs/aws-error.ts'
import { type ClientOptions, openClients } from './sns-sqs/clients.ts'
import { createPollTurns } from './sns-sqs/consume/poll-turns.ts'
import { type SnsSqsSubscription, startSubscription } from './sns-sqs/consume/subscription.ts'
import { sqsDeadLetters } from './sns-sqs/dead-letters.ts'
import { dropLeavings } from './sns-sqs/drop.ts'
import { inspectQueues } from './sns-sqs/inspect.ts'
import { snsPublisher } from './sns-sqs/produce/publish.ts'
import { declareWiring } from './sns-sqs/wiring.ts'

export interface SnsSqsOptions extends Partial<ClientOptions> {
  /** Owner of topics and queues. Default: the simulator's. */
  accountId?: string
  /** Seconds that a taken message stays hidden from others; extended while a handler has it. Default 10: so long a killed worker keeps it. */
  visibilitySeconds?: number
  /** Long polls open at a time per subscription (default 4), and the seconds that each waits (default 5). */
  polls?: number
  pollSeconds?: number
  /** Long polls open at a time over all subscriptions, each on a connection of its own; more take turns. Default 128. */
  pollsInAll?: number
  /** Publish requests on the way at a time, each on a connection of its own. Default 50. */
  publishesInFlight?: number
  /** Clock in epoch milliseconds and random source in [0, 1), for tests. */
  now?: () => number
  random?: () => number
}

/**
 * SNS topics fan out to one SQS queue per group, by raw delivery and a filter policy on the event type.
 * Speaks to AWS or to anything that speaks its protocol at `endpoint`.
 */
export function snsSqsBroker(options: SnsSqsOptions = {}): Broker {
  const place = { region: options.region ?? 'us-east-1', accountId: options.accountId ?? '123456789012' }
  const requestTimeoutMs = options.requestTimeoutMs ?? 5_000
  const clients = openClients({
    endpoint: options.endpoint,
    credentials: options.credentials,
    region: place.region,
    connectTimeoutMs: options.connectTimeoutMs ?? 1_500,
    requestTimeoutMs,
  })
  const { sns, sqs } = clients
  const turns = createPollTurns(options.pollsInAll ?? 128, options.pollSeconds ?? 5)
  const subscriptions = new Set<SnsSqsSubscription>()
  const deadLetters = sqsDeadLetters(sqs)
  return {
    system: 'aws_sqs',
    deadLetters: {
      list: (group, limit) => orUnavailable(() => deadLetters.list(group, limit)),
      redrive: (group, requests) => orUnavailable(() => deadLetters.redrive(group, requests)),
      discard: (group, refs) => orUnavailable(() => deadLetters.discard(group, refs)),
    },
    declare: (wiring) => orUnavailable(() => declareWiring({ sns, sqs, place }, wiring)),
    drop: (leavings) => orUnavailable(() => dropLeavings({ sns, sqs, place }, leavings)),
    publish: snsPublisher(sns, place, options.publishesInFlight ?? 50),
    async subscribe(group, handle, subscribeOptions = {}) {
      const subscription = startSubscription(
        {
          sqs,
          now: options.now ?? Date.now,
          random: options.random ?? Math.random,
          sleep,
          visibilitySeconds: options.visibilitySeconds ?? 10,
          polls: options.polls ?? 4,
          turns,
          requestTimeoutMs,
        },
        group,
        handle,
        subscribeOptions,
      )
      subscriptions.add(subscription)
      return {
        inHand: subscription.inHand,
        async stop(graceMs) {
          await subscription.stop(graceMs)
          subscriptions.delete(subscription)
        },
      }
    },
    expect: turns.expect,
    inspect: () => orUnavailable(() => inspectQueues(sns, sqs)),
    async close() {
      for (const subscription of subscriptions) subscription.abandon()
      clients.close()
    },
  }
}

async function orUnavailable<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request()
  } catch (cause) {
    const { type, message } = errorInfoOf(cause)
    throw new BrokerUnavailable(`The broker does not answer as it should (${type}: ${message})`, { cause })
  }
}
