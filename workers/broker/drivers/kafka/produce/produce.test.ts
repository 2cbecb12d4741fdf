import { KafkaJSConnectionError, KafkaJSProtocolError, type Broker as KafkaNode } from 'kafkajs'
import { expect, it } from 'vitest'
import type { ClusterClient } from '../cluster/cluster.ts'
import { createProduce } from './produce.ts'
import type { OutgoingRecord } from './record.ts'

const records: OutgoingRecord[] = [{ key: 'k', value: 'v', headers: [] }]

/** A leader that fails one attempt after the other like this, and then is gone. */
function produceTo({ connects = [], sends = [] }: { connects?: unknown[]; sends?: unknown[] }) {
  let connections = 0
  const node = {
    connectionPool: {
      async getConnection() {
        connections += 1
        const error = connects.shift()
        if (error) throw error
      },
    },
    async produce() {
      throw sends.shift()
    },
  } as unknown as KafkaNode
  const leaders = sends.length || Number.POSITIVE_INFINITY
  let asked = 0
  const cluster = {
    async leaderOf() {
      asked += 1
      if (asked > leaders) throw new Error('no broker answers')
      return node
    },
    topics: async () => new Map(),
  } as unknown as ClusterClient
  return { produce: createProduce(cluster, 1_000, async () => undefined), connections: () => connections }
}

const lost = (message: string, code?: string): KafkaJSConnectionError =>
  new KafkaJSConnectionError(message, { broker: 'localhost:9092', ...(code === undefined ? {} : { code }) })
const answered = (type: string): KafkaJSProtocolError => {
  const error = new KafkaJSProtocolError(new Error(type))
  return Object.assign(error, { type, name: 'KafkaJSProtocolError' })
}
const stateOf = async ({ produce }: ReturnType<typeof produceTo>): Promise<string | undefined> =>
  (await produce('orders', 0, records))[0]?.state

it('B3 a connection that cannot be made has failed: nothing left', async () => {
  const given = produceTo({ connects: [lost('Connection error: connect ECONNREFUSED', 'ECONNREFUSED')] })
  expect(await stateOf(given)).toBe('failed')
})

it.each([
  ['a connection that is refused', lost('Connection error: connect ECONNREFUSED', 'ECONNREFUSED')],
  ['a connection that is not made in time', lost('Connection timeout')],
  ['a reset', lost('Connection error: read ECONNRESET', 'ECONNRESET')],
])('B4 with %s after the request has left nobody can tell', async (_, error) => {
  // kafkajs fails what is on its way with whatever ends the making of another connection.
  expect(await stateOf(produceTo({ sends: [error] }))).toBe('indeterminate')
})

it('B4 a leader that stops being one may have stored what it refuses', async () => {
  expect(await stateOf(produceTo({ sends: [answered('NOT_LEADER_FOR_PARTITION')] }))).toBe('indeterminate')
  expect(await stateOf(produceTo({ sends: [answered('NOT_ENOUGH_REPLICAS')] }))).toBe('failed')
  expect(await stateOf(produceTo({ sends: [lost('Not connected')] }))).toBe('failed')
})

it('requests that find no connection wait for one', async () => {
  const { produce, connections } = produceTo({ connects: [], sends: [] })
  await Promise.all([produce('orders', 0, records), produce('orders', 0, records)])
  expect(connections()).toBe(1)
})
