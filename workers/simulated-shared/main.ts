import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { batchesOf } from '#workers/runtime/consume/batches.ts'
import { openHostProcess } from '#workers/runtime/host-process.ts'
import { openEmitter } from '#workers/runtime/open-emitter.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { runConsumer } from '#workers/runtime/run-consumer.ts'
import { simulatedHandler } from '#workers/simulated/handler.ts'

/** Sent events that each service remembers: a thousand of them share a process. */
const remembers = { maxEntries: 1_000, maxBytes: 512 * 1024 }

const host = openHostProcess()
const { broker: kind, brokerSettings } = host.env
const broker = createBroker({ ...brokerOptionsOf(brokerSettings, kind), now })
host.onShutdown(() => broker.close())

/** Groups by the event types that they take, of the configuration of now. */
let groupsOf = new Map<string, string[]>()
host.config.onChange(({ subscriptions }) => {
  groupsOf = new Map()
  for (const { consumer, eventTypes } of subscriptions)
    for (const type of eventTypes) groupsOf.set(type, [...(groupsOf.get(type) ?? []), consumer])
})

/** What is published here is announced to the services here that take it, since not each of them listens all the time. */
const publish: Broker['publish'] = async (envelopes) => {
  const outcomes = await broker.publish(envelopes)
  broker.expect?.([...new Set(envelopes.map(({ type }) => type))].flatMap((type) => groupsOf.get(type) ?? []))
  return outcomes
}

host.listen({
  async run(seat, { service: group, concurrency, fromOutside }) {
    const { body } = seat.env
    if (body?.kind !== 'simulated') throw new Error(`${group} is no simulated service`)
    const own = seat.wrapBroker({
      publish,
      subscribe: (name, handle, options) => broker.subscribe(name, handle, { ...options, fromOutside }),
    } satisfies Pick<Broker, 'publish' | 'subscribe'>)
    const emitter = openEmitter(seat, own, remembers)
    const batches = batchesOf(concurrency, brokerOf(kind).partitioned)
    const consumer = seat.wrapConsumer({ group, ...batches, handlers: { '*': simulatedHandler(body, emitter) } })
    await runConsumer({ process: seat, broker: own, consumer, emitter })
  },
})
