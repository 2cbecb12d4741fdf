import { createPrisma } from '#prisma/client.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { sendingAfter, sendsOf } from '#workers/runtime/consume/sending-after.ts'
import { openEmitter } from '#workers/runtime/open-emitter.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { runConsumer } from '#workers/runtime/run-consumer.ts'
import { openWorkerProcess } from '#workers/runtime/worker-process.ts'
import { concurrency, databaseConsumer } from './consumer.ts'
import { createStore } from './store.ts'
import { tableWriters } from './table-writers.ts'

const worker = openWorkerProcess()
const { broker: kind, brokerSettings, databaseUrl, service: group } = worker.env
if (databaseUrl === undefined) throw new Error('DATABASE_URL is needed: postgresql://user:password@host:port/database')

const broker = worker.wrapBroker(createBroker({ ...brokerOptionsOf(brokerSettings, kind), now }))
const prisma = createPrisma(databaseUrl, { max: concurrency })
const store = createStore({ prisma, consumer: group, writers: tableWriters, random: Math.random })
worker.onShutdown(async () => {
  await prisma.$disconnect()
  await broker.close()
})
const sends = sendsOf(worker.env.body)
const emitter = sends === undefined ? undefined : openEmitter(worker, broker)
const consumer = worker.wrapConsumer(sendingAfter(databaseConsumer(group, store), sends))
await runConsumer({ process: worker, broker, consumer, ...(emitter === undefined ? {} : { emitter }) })
