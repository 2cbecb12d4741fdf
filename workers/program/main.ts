import { resolveNames } from '#contracts/environment-names.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { openEmitter } from '#workers/runtime/open-emitter.ts'
import { now } from '#workers/runtime/process/clock.ts'
import { openWorkerProcess } from '#workers/runtime/worker-process.ts'
import { createInHand } from './causes/in-hand.ts'
import { readProgramWorkerEnv } from './env.ts'
import { openProgram } from './open-program.ts'
import { createLineBudget } from './process/line-budget.ts'
import { runService } from './run-service.ts'
import { publishThrough } from './sink/publish-emission.ts'
import { startSinkServer } from './sink/sink-server.ts'

const worker = openWorkerProcess()
const { log } = worker
const { broker: kind, brokerSettings, body, service: group } = worker.env
const { links, reports, receives } = readProgramWorkerEnv(process.env)

const broker = worker.wrapBroker(createBroker({ ...brokerOptionsOf(brokerSettings, kind), now }))
worker.onShutdown(() => broker.close())
const emitter = openEmitter(worker, broker)
const inHand = createInHand(group)
const service = { worker, broker, emitter, inHand, receives }

if (body?.kind === 'program') {
  const refusals = createLineBudget(10, (lines) =>
    log.warn(`${lines} more events of the program were refused in this second`),
  )
  const sink = await startSinkServer({
    publish: publishThrough(emitter, inHand),
    onRefused: (reason) => refusals.admit() && log.warn(reason),
  })
  worker.onShutdown(sink.close)
  await worker.firstConfig()
  const program = await openProgram({ worker, body, own: process.env, links, sink, reports })
  if (program) await runService({ ...service, url: program.url, program })
} else if (body?.kind === 'url') {
  const { text, missing } = resolveNames(body.url, process.env)
  if (missing.length > 0) worker.fail(`${missing.join(', ')} is not set, which the url of ${group} names`)
  else if (!URL.canParse(text)) worker.fail(`the url of ${group} is not an address`)
  else await runService({ ...service, url: new URL(text), program: undefined })
} else throw new Error('FAULTLINE_BODY is needed: a program or a url')
