import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { openWorkerProcess } from '#workers/runtime/worker-process.ts'
import { createProducer } from './producer.ts'

const worker = openWorkerProcess()
const { broker: brokerName, brokerSettings, epoch, instance } = worker.env
if (epoch === undefined) throw new Error('FAULTLINE_EPOCH is needed: the epoch that the control plane granted')

const broker = worker.wrapBroker(createBroker({ ...brokerOptionsOf(brokerSettings, brokerName), now }))
const report = worker.telemetry.write
const producer = createProducer({ broker, brokerName, report, producer: instance, epoch, now })
worker.onCommand('publish', ({ events }) => producer.publish(events))
worker.onCommand('burst.start', ({ plan }) => producer.startBurst(plan))
worker.onCommand('burst.stop', ({ burstId }) => producer.stopBurst(burstId))
worker.countInHand(() => producer.outstanding())
worker.onShutdown(async (graceMs) => {
  await producer.stop(graceMs)
  await broker.close()
})
await worker.firstConfig()
worker.setState({ state: 'running' })
