import { brokerContract } from '#workers/broker/broker.contract.ts'
import { toyBroker, toyStoreAt } from './toy.ts'

const address = 'toy:1'

brokerContract('the toy driver', async () => {
  const store = toyStoreAt(address)
  const connect = () => toyBroker({ address })
  return {
    connect,
    countsInFlight: true,
    retryModes: ['visibility-timeout'],
    async inject(group, body, headers) {
      store.find(group)?.messages.push(store.newMessage('', body, headers))
    },
    deadLetters: async (group) => (store.find(group)?.dead ?? []).map(({ raw, headers }) => ({ body: raw, headers })),
    async bindStranger(topic) {
      const { bindings } = store.queue(`stranger-of-${topic}`, false)
      bindings.set(topic, [topic])
      return async () => bindings.has(topic)
    },
    async kill() {
      store.isUp = false
    },
    async restart() {
      store.isUp = true
    },
    connectWithoutAnswers() {
      const broker = connect()
      const error = { type: 'NoAnswer', message: 'the answer never came' }
      return {
        ...broker,
        async publish(envelopes) {
          const outcomes = await broker.publish(envelopes)
          return outcomes.map(() => ({ state: 'indeterminate', error }))
        },
      }
    },
    stop: async () => undefined,
  }
})
