import type { Logger } from 'pino'
import type { BrokerName } from '#contracts/broker-name.ts'
import type { Broker, BrokerSnapshot, QueueDepth, Wiring } from '#workers/broker/broker.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import type { PartHealth } from '../topology/part-health.ts'
import { type BrokerAdmin, startBrokerAdmin } from './broker-admin.ts'

/** The one broker that the lab runs on, in the control plane's hand. Everything that wires or inspects goes through it. */
export interface CurrentBroker {
  name(): BrokerName
  /** As `BrokerAdmin.declare`. */
  declare(wiring: Wiring): Promise<void>
  health(): PartHealth
  bindings(): BrokerSnapshot['bindings']
  /** What the broker says now. Rejects with `BrokerUnavailable` where it does not answer. */
  inspect(): Promise<BrokerSnapshot>
  /** Of the broker of now: ask anew for every use. */
  deadLetters(): DeadLetters
  /** Goes over to another broker, which is wired from then on; the connection to the former one is closed. */
  adopt(name: BrokerName, broker: Broker): Promise<void>
  stop(): Promise<void>
}

export function createCurrentBroker(options: {
  name: BrokerName
  broker: Broker
  /** What the lab is declared to be. */
  wiring: () => Wiring
  onDepths: (depths: QueueDepth[]) => void
  log: Logger
}): CurrentBroker {
  const { wiring, onDepths, log } = options
  let { name, broker } = options
  let admin: BrokerAdmin = start()

  function start(): BrokerAdmin {
    return startBrokerAdmin({ broker, wiring: wiring(), onDepths, log })
  }
  const end = async (): Promise<void> => {
    await admin.stop()
    await broker.close().catch((error: unknown) => log.warn({ err: error }, `the connection to ${name} was not closed`))
  }

  return {
    name: () => name,
    declare: (next) => admin.declare(next),
    health: () => admin.health(),
    bindings: () => admin.bindings(),
    inspect: () => broker.inspect(),
    deadLetters: () => broker.deadLetters,
    async adopt(nextName, next) {
      await end()
      name = nextName
      broker = next
      admin = start()
    },
    stop: end,
  }
}
