import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { sendingAfter, sendsOf } from '#workers/runtime/consume/sending-after.ts'
import { openEmitter } from '#workers/runtime/open-emitter.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { runConsumer } from '#workers/runtime/run-consumer.ts'
import { openWorkerProcess } from '#workers/runtime/worker-process.ts'
import { emailHandlers } from './handlers.ts'
import { createMailer } from './mailer.ts'

const worker = openWorkerProcess()
const { broker: kind, brokerSettings, smtpUrl, service: group } = worker.env
if (smtpUrl === undefined) throw new Error('SMTP_URL is needed: where to send mail, for example smtp://127.0.0.1:1025')

const broker = worker.wrapBroker(createBroker({ ...brokerOptionsOf(brokerSettings, kind), now }))
const mailer = createMailer(smtpUrl)
worker.onShutdown(async () => {
  mailer.close()
  await broker.close()
})
const sends = sendsOf(worker.env.body)
const emitter = sends === undefined ? undefined : openEmitter(worker, broker)
const consumer = worker.wrapConsumer(sendingAfter({ group, handlers: emailHandlers(mailer) }, sends))
await runConsumer({ process: worker, broker, consumer, ...(emitter === undefined ? {} : { emitter }) })
