import { afterAll, afterEach, beforeAll } from 'vitest'
import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { type Envelope, newTraceparent } from '#contracts/events/envelope.ts'
import type {
  Broker,
  Delivery,
  QueueDepth,
  RunningSubscription,
  Settlement,
  SubscribeOptions,
  Wiring,
} from '../broker.ts'

/** A real broker that the suite may misuse. */
export interface BrokerUnderTest {
  /** A driver of its own that redelivers after two seconds at most; the suite closes it. */
  connect(): Broker
  /** Whether the broker itself knows what is in the hands of workers. If it does not, that counts as waiting. */
  countsInFlight: boolean
  /** The ways to retry that the broker has. */
  retryModes: RetryPolicy['mode'][]
  /** Puts bytes straight into what a group reads. */
  inject(group: string, body: string, headers: Record<string, string>): Promise<void>
  /** Everything among a group's dead letters. */
  deadLetters(group: string): Promise<{ body: string; headers: Record<string, string> }[]>
  /** Binds a reader that is not the lab's to a topic; answers a function that says whether the binding is still there. */
  bindStranger(topic: string): Promise<() => Promise<boolean>>
  /** Makes the broker refuse connections, as abruptly as it can, and start again where it was, with what it had stored. */
  kill(): Promise<void>
  restart(): Promise<void>
  /** A driver whose requests reach the broker and whose answers never come back. */
  connectWithoutAnswers(): Broker
  stop(): Promise<void>
}

/** A topic and groups of one test alone. */
export interface LabUnderTest {
  broker: Broker
  topic: string
  /** The first of `groups`. */
  group: string
  groups: string[]
  wiring: Wiring
  envelope(over?: Partial<Envelope>): Envelope
  envelopes(length: number): Envelope[]
}

export interface ConsumerUnderTest {
  seen: Delivery[]
  ids(): string[]
  distinct(): number
  subscription: RunningSubscription
}

/** What the rules are tested with. Everything that it opened is closed after each test. */
export interface ContractBench {
  readonly real: BrokerUnderTest
  /** Brokers that are closed, and steps that are run, after the test. */
  open: Broker[]
  stops: (() => Promise<void>)[]
  connect(): Broker
  /** A name that no other test uses. */
  fresh(name: string): string
  lab(groups?: number): Promise<LabUnderTest>
  consume(
    broker: Broker,
    group: string,
    decide?: (deliveries: Delivery[]) => Settlement[] | Promise<Settlement[]>,
    options?: SubscribeOptions,
  ): Promise<ConsumerUnderTest>
  depth(broker: Broker, group: string): Promise<QueueDepth>
  /** Everything that a group is still owed. */
  waitingIn(broker: Broker, group: string): Promise<number>
}

export const ack = (deliveries: Delivery[]): Settlement[] => deliveries.map(() => ({ kind: 'ack' }))

/** Waits until `condition` holds; says what it waited for when it never does. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts the broker before the tests of the file and ends it after them. Call it within `describe`. */
export function createBench(start: () => Promise<BrokerUnderTest>): ContractBench {
  let real: BrokerUnderTest | undefined
  let count = 0
  const open: Broker[] = []
  const stops: (() => Promise<void>)[] = []
  // A broker that outlives the run, as one that was given by its address, has the topics of earlier runs.
  const run = Date.now().toString(36)

  beforeAll(async () => {
    real = await start()
  }, 120_000)
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
    for (const broker of open.splice(0)) await broker.close()
  })
  afterAll(() => real?.stop())

  function started(): BrokerUnderTest {
    if (!real) throw new Error('the broker is not started')
    return real
  }
  function connect(): Broker {
    const broker = started().connect()
    open.push(broker)
    return broker
  }
  function fresh(name: string): string {
    count += 1
    return `${name}_${run}_${count}`
  }
  const depth = async (broker: Broker, group: string) => {
    const found = (await broker.inspect()).queues.find((queue) => queue.group === group)
    if (!found) throw new Error(`inspect() does not know ${group}`)
    return found
  }

  return {
    get real() {
      return started()
    },
    ...{ open, stops, connect, fresh, depth },
    async lab(groups = 1) {
      const topic = fresh('topic')
      const names = Array.from({ length: groups }, (_, index) => `consumer-${topic}-${index + 1}`)
      const broker = connect()
      const wiring = {
        topics: [{ topic, types: [topic] }],
        groups: names.map((group) => ({ group, types: [topic], topics: [topic] })),
      }
      await broker.declare(wiring)
      let seq = 0
      const envelope = (over: Partial<Envelope> = {}): Envelope => {
        seq += 1
        return {
          id: `producer-1:1:${topic}:${seq}`,
          type: topic,
          topic,
          time: new Date().toISOString(),
          traceparent: newTraceparent(),
          version: 1,
          body: JSON.stringify({ n: seq }),
          ...over,
        }
      }
      const envelopes = (length: number) => Array.from({ length }, () => envelope())
      const [group = ''] = names
      return { broker, topic, group, groups: names, wiring, envelope, envelopes }
    },
    async consume(broker, group, decide = ack, options = {}) {
      const seen: Delivery[] = []
      const subscription = await broker.subscribe(
        group,
        async (deliveries) => {
          seen.push(...deliveries)
          return decide(deliveries)
        },
        options,
      )
      stops.push(() => subscription.stop(1_000))
      const ids = () => seen.map((delivery) => delivery.envelope?.id ?? delivery.raw)
      return { seen, ids, subscription, distinct: () => new Set(ids()).size }
    },
    async waitingIn(broker, group) {
      const { visible, inFlight, delayed } = await depth(broker, group)
      return visible + inFlight + delayed
    },
  }
}
