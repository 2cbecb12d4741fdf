import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { EngineName } from '#contracts/engine-name.ts'
import type { Carrier } from '#contracts/faults/define-fault.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { EngineClient } from '../engines/engine-client.ts'

/** Stops and starts the broker where the lab runs it itself. What cannot be done is rejected with a sentence. */
export interface BrokerPower {
  /** Whether the supervisor can stop and start this broker now. */
  able(broker: BrokerName): boolean
  down(broker: BrokerName): Promise<void>
  pause(broker: BrokerName): Promise<void>
  /** Starts or resumes all that the broker consists of; done at once where it runs. */
  back(broker: BrokerName): Promise<void>
}

/** By the supervisor, which runs the engines. Of a broker that consists of several, the one that keeps the messages counts. */
export function brokerPower(engines: Pick<EngineClient, 'managed' | 'state' | 'request'>): BrokerPower {
  const victimOf = (broker: BrokerName): EngineName => {
    const first: EngineName | undefined = brokerOf(broker).engines[0]
    if (first === undefined) throw new Error(`the lab does not run ${broker}`)
    return first
  }
  return {
    able: (broker) => engines.managed() && engines.state(victimOf(broker))?.state === 'up',
    down: (broker) => engines.request('engine.stop', victimOf(broker)),
    pause: (broker) => engines.request('engine.pause', victimOf(broker)),
    async back(broker) {
      for (const engine of brokerOf(broker).engines) {
        const state = engines.state(engine)?.state
        if (state === 'paused') await engines.request('engine.resume', engine)
        else if (state === 'stopped' || state === 'starting') await engines.request('engine.start', engine)
      }
    },
  }
}

/** Whether it aims at the broker, and so is done by the supervisor or to every link. */
export const aimsAtBroker = ({ type }: Pick<Fault, 'type'>): boolean => carrierOf(type, true) !== undefined

/** How a fault of the broker is carried out; undefined for others. */
export function carrierOf(type: string, byLinks: boolean): Carrier | undefined {
  const carriers = definitionOf(type)?.carriedBy.filter(({ at }) => at === 'broker')
  return carriers?.find(({ as }) => (as !== undefined) === byLinks)
}
