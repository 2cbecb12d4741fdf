import { brokerOf } from '#contracts/brokers/broker-name.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { batchesOf } from '#workers/runtime/consume/batches.ts'
import { openEmitter } from '#workers/runtime/open-emitter.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { runConsumer } from '#workers/runtime/run-consumer.ts'
import { openWorkerProcess } from '#workers/runtime/worker-process.ts'
import { simulatedHandler } from './handler.ts'

const worker = openWorkerProcess()
const { broker: kind, brokerSettings, body, service: group, concurrency = 10 } = worker.env
if (body?.kind !== 'simulated') throw new Error('FAULTLINE_BODY is needed: the body of a simulated service, as JSON')

const broker = worker.wrapBroker(createBroker({ ...brokerOptionsOf(brokerSettings, kind), now }))
worker.onShutdown(() => broker.close())
const emitter = openEmitter(worker, broker)
const batches = batchesOf(concurrency, brokerOf(kind).partitioned)
const consumer = worker.wrapConsumer({ group, ...batches, handlers: { '*': simulatedHandler(body, emitter) } })
await runConsumer({ process: worker, broker, consumer, emitter })
