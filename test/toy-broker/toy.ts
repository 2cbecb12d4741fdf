import { headersOf } from '#contracts/events/envelope.ts'
import type { Broker, PublishOutcome, RunningSubscription } from '#workers/broker/broker.ts'
import { deathHeader, readDeadLetterMetadata } from '#workers/broker/dead-letter-metadata.ts'
import { unsendable } from '#workers/broker/unsendable.ts'
import { ToyStore } from './toy/store.ts'
import { startToySubscription } from './toy/subscription.ts'

export interface ToyOptions {
  /** Drivers with one address in one process speak to one broker. */
  address: string
}

const stores = new Map<string, ToyStore>()
const bytesMax = 1_000_000

/** The broker at an address; the first who asks makes it. */
export function toyStoreAt(address: string): ToyStore {
  const store = stores.get(address) ?? new ToyStore()
  stores.set(address, store)
  return store
}

/** A broker in the memory of one process: as small as a driver can be that keeps every rule of SPEC.md. */
export function toyBroker({ address }: ToyOptions): Broker {
  const store = toyStoreAt(address)
  const subscriptions = new Set<RunningSubscription & { abandon(): void }>()
  return {
    system: 'toy',
    async declare(wiring) {
      store.declare(wiring)
    },
    async drop(leavings) {
      store.drop(leavings)
    },
    async publish(envelopes) {
      return envelopes.map((envelope): PublishOutcome => {
        const failed = (type: string, message: string): PublishOutcome => ({
          state: 'failed',
          error: { type, message },
        })
        if (!store.isUp) return failed('BrokerUnavailable', 'the toy broker is away')
        const headers = headersOf(envelope)
        const refused = unsendable(envelope, headers)
        if (refused) return { state: 'failed', error: refused }
        const bytes = Buffer.byteLength(envelope.body) + Buffer.byteLength(JSON.stringify(headers))
        if (bytes > bytesMax)
          return failed('MessageTooLarge', `the message has ${bytes} bytes with its headers; a toy takes ${bytesMax}`)
        const ref = store.take(envelope)
        return ref === undefined
          ? failed('UnknownTopic', `there is no topic ${envelope.topic}`)
          : { state: 'acked', ref }
      })
    },
    async subscribe(group, handle, options = {}) {
      const subscription = startToySubscription(store, group, handle, options)
      subscriptions.add(subscription)
      return subscription
    },
    async inspect() {
      return store.inspect()
    },
    deadLetters: {
      async list(group, limit) {
        store.requireUp()
        const dead = store.find(group)?.dead ?? []
        const letters = dead.slice(0, limit).map(({ ref, raw, headers: all, at }) => {
          const { [deathHeader]: death, ...headers } = all
          const note = readDeadLetterMetadata(death)
          return { ref, body: raw, headers, at, ...(note === undefined ? {} : { note }) }
        })
        return { letters, more: dead.length > limit }
      },
      async redrive(group, requests) {
        store.requireUp()
        return requests.map(({ ref, body, headers }) => {
          const { dead = [], messages } = store.find(group) ?? {}
          const index = dead.findIndex((letter) => letter.ref === ref)
          const [letter] = index < 0 ? [] : dead.splice(index, 1)
          if (!letter) return { state: 'gone' }
          const { [deathHeader]: _, ...original } = letter.headers
          messages?.push(store.newMessage(letter.topic, body ?? letter.raw, { ...original, ...headers }))
          return { state: 'redriven' }
        })
      },
      async discard(group, refs) {
        store.requireUp()
        return refs.map((ref) => {
          const { dead = [] } = store.find(group) ?? {}
          const index = dead.findIndex((letter) => letter.ref === ref)
          if (index < 0) return { state: 'gone' }
          dead.splice(index, 1)
          return { state: 'discarded' }
        })
      },
    },
    async close() {
      for (const subscription of subscriptions) subscription.abandon()
    },
  }
}
