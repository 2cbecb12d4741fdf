import { randomUUID } from 'node:crypto'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { BurstPlan, OutgoingEvent, PublishResult } from '#contracts/protocols/worker.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { createPublisher } from '#workers/runtime/publish/publisher.ts'
import { type BurstUnderWay, startBurst } from './burst.ts'

export interface ProducerDeps {
  broker: Pick<Broker, 'publish'>
  report: (records: TelemetryRecord[]) => void
  /** `producer-1`. */
  producer: string
  epoch: number
  /** Where it publishes to, for the record. */
  brokerName: BrokerName
  /** Epoch milliseconds with a fraction. */
  now: () => number
  newUuid?: () => string
}

/** The producer stops and takes no more. The same command may succeed at another replica. */
export class ProducerStopping extends Error {
  override readonly name = 'ProducerStopping'
}

/** Answers commands. Throws `ProducerStopping` once it stops. */
export interface Producer {
  /** One result per event, in order. */
  publish(events: OutgoingEvent[]): Promise<PublishResult[]>
  /** Starting one that runs already changes nothing. */
  startBurst(plan: BurstPlan): void
  /** Stopping one that does not run changes nothing. */
  stopBurst(burstId: string): void
  /** Messages handed to the broker whose outcome is open. */
  outstanding(): number
  /** Stops bursts and resolves when everything on the way is settled, or after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

export function createProducer(deps: ProducerDeps): Producer {
  const publisher = createPublisher(deps)
  const bursts = new Map<string, BurstUnderWay>()
  let stopping = false

  function refuseWhileStopping(): void {
    if (stopping) throw new ProducerStopping(`${deps.producer} is stopping and takes no more`)
  }

  return {
    async publish(events) {
      refuseWhileStopping()
      return Promise.all(events.map((event) => publisher.publish(event)))
    },
    startBurst(plan) {
      refuseWhileStopping()
      if (bursts.has(plan.burstId)) return
      const { report, now, newUuid = randomUUID } = deps
      const burst = startBurst({ publisher, report, now, newUuid }, plan)
      bursts.set(plan.burstId, burst)
      void burst.ended.then(() => bursts.delete(plan.burstId))
    },
    stopBurst(burstId) {
      bursts.get(burstId)?.stop()
    },
    outstanding: () => publisher.outstanding(),
    async stop(graceMs) {
      stopping = true
      const running = [...bursts.values()]
      for (const burst of running) burst.stop()
      let timer: NodeJS.Timeout | undefined
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs)
      })
      await Promise.race([Promise.all([publisher.drained(), ...running.map((burst) => burst.ended)]), grace])
      clearTimeout(timer)
    },
  }
}
