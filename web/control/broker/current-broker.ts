import type { Logger } from 'pino'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Broker, BrokerLog, BrokerSnapshot, Leavings, QueueDepth, Wiring } from '#workers/broker/broker.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import type { PartHealth } from '../engines/part-health.ts'
import { type BrokerAdmin, startBrokerAdmin } from './broker-admin.ts'
import { type Depths, depthsOf } from './drain.ts'

/** The one broker that the lab runs on, in the control plane's hand. Everything that wires or inspects goes through it. */
export interface CurrentBroker {
  name(): BrokerName
  /** As `BrokerAdmin.declare`. */
  declare(wiring: Wiring): Promise<void>
  /** As `BrokerAdmin.drop`. */
  drop(leavings: Leavings): Promise<void>
  health(): PartHealth
  bindings(): BrokerSnapshot['bindings']
  /** Messages of each queue, waiting, in flight or held back, at the last look; undefined while it does not answer. */
  depths(): Depths | undefined
  /** What the broker says now. Rejects with `BrokerUnavailable` if it does not answer. */
  inspect(): Promise<BrokerSnapshot>
  /** Of the broker of now: ask again for every use. */
  deadLetters(): DeadLetters
  /** What the broker of now keeps after it was read; undefined if it keeps nothing. */
  log(): BrokerLog | undefined
  /** `listener` is called with what the broker counts, once a second. */
  onCounts(listener: (counts: BrokerSnapshot) => void): void
  /** Goes over to another broker, which is wired from then on; the connection to the former one is closed. */
  adopt(name: BrokerName, broker: Broker): void
  stop(): Promise<void>
}

export function createCurrentBroker(options: {
  name: BrokerName
  broker: Broker
  /** What the lab is declared to be. */
  wiring: () => Wiring
  log: Logger
}): CurrentBroker {
  const { wiring, log } = options
  const listeners: ((counts: BrokerSnapshot) => void)[] = []
  let held = hold(options.name, options.broker)
  let released: Promise<void> = Promise.resolve()

  function hold(name: BrokerName, broker: Broker) {
    const mine: { name: BrokerName; broker: Broker; admin: BrokerAdmin; queues: QueueDepth[] } = {
      name,
      broker,
      queues: [],
      admin: startBrokerAdmin({
        broker,
        wiring: wiring(),
        onCounts(counts) {
          mine.queues = counts.queues
          // The last look at a former broker may end after the first one at its successor.
          if (mine === held) for (const listener of listeners) listener(counts)
        },
        log,
      }),
    }
    return mine
  }
  const release = async ({ name, broker, admin }: typeof held): Promise<void> => {
    await admin.stop()
    await broker.close().catch((error: unknown) => log.warn({ err: error }, `the connection to ${name} was not closed`))
  }

  return {
    name: () => held.name,
    declare: (next) => held.admin.declare(next),
    drop: (leavings) => held.admin.drop(leavings),
    health: () => held.admin.health(),
    bindings: () => held.admin.bindings(),
    depths: () => (held.admin.health().up ? depthsOf(held) : undefined),
    inspect: () => held.broker.inspect(),
    deadLetters: () => held.broker.deadLetters,
    log: () => held.broker.log,
    onCounts: (listener) => void listeners.push(listener),
    adopt(name, broker) {
      const former = held
      held = hold(name, broker)
      // One that does not answer may take its time to be let go.
      released = Promise.all([released, release(former)]).then(() => undefined)
    },
    async stop() {
      await Promise.all([released, release(held)])
    },
  }
}
