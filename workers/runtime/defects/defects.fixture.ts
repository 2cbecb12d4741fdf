import { pino } from 'pino'
import type { Delivery, DeliveryHandler, Settlement, SubscribeOptions } from '#workers/broker/broker.ts'
import type { HandledEvent } from '../consume/consumer.ts'
import { delivery } from '../consume/handle-batch.fixture.ts'
import type { DefectiveBroker } from './defect.ts'
import { workerDefects } from './defect-list.ts'

export const ok = async (deliveries: Delivery[]): Promise<Settlement[]> => deliveries.map(() => ({ kind: 'ack' }))
export const three = [1, 2, 3].map((seq) => delivery(seq, { type: 'order_placed' }))
export const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`
export const envelopeAt = (seq: number) => {
  const { envelope } = delivery(seq, { type: 'order_placed' })
  if (!envelope) throw new Error('the fixture has an envelope')
  return envelope
}

/** A defect with what it says of its harm, around a broker that does what the test says. */
export function planted(name: keyof typeof workerDefects) {
  const harmed: string[] = []
  const mended: string[] = []
  const defect = workerDefects[name]({
    harmed: (...ids) => harmed.push(...ids),
    mended: (...ids) => mended.push(...ids),
  })
  return { harmed, mended, defect }
}

/** Subscribes `handle` behind the defect; resolves with what the broker is given. */
export async function subscribed(
  name: keyof typeof workerDefects,
  handle: DeliveryHandler,
  options?: SubscribeOptions,
) {
  const around = planted(name)
  let given: { handle: DeliveryHandler; options: SubscribeOptions } | undefined
  const stops: number[] = []
  const broker: DefectiveBroker = {
    publish: async () => [],
    async subscribe(_, inner, innerOptions = {}) {
      given = { handle: inner, options: innerOptions }
      return { stop: async (graceMs) => void stops.push(graceMs), inHand: () => 0 }
    },
  }
  const defective = around.defect.broker?.(broker) ?? broker
  const subscription = await defective.subscribe('consumer-db', handle, options)
  if (!given) throw new Error('the broker was not subscribed to')
  return { ...around, ...given, subscription, stops }
}

export const handledEvent = (seq: number, receiveCount = 1): HandledEvent => ({
  ...{ id: idOf(seq), type: 'order_placed', data: {}, envelope: envelopeAt(seq), attempt: 1, receiveCount },
  ...{
    log: pino({ level: 'silent' }),
    signal: new AbortController().signal,
    say: () => undefined,
    acted: () => undefined,
    send: () => undefined,
    reported: () => undefined,
  },
})
