import type { Broker } from '#workers/broker/broker.ts'
import { decodeInProcess } from './bodies/process-decoder.ts'
import { typeIndexOf } from './bodies/type-index.ts'
import { now } from './process/clock.ts'
import { createEmitter, type Emitter, type EmitterDeps } from './publish/emitter.ts'
import { createPublisher } from './publish/publisher.ts'
import type { WorkerProcess } from './worker-face.ts'

/**
 * The one emitter of a worker process: a producer under the name of its replica and the epoch that it was granted. `broker` is the one with
 * the faults of the process. Open it after the step that closes the broker was registered and before `runConsumer`: at a shutdown it waits
 * for what is on the way. Throws if the process has no epoch.
 */
export function openEmitter(
  process: Pick<WorkerProcess, 'env' | 'telemetry' | 'config' | 'firstConfig' | 'onShutdown' | 'wrapEmitter'>,
  broker: Pick<Broker, 'publish'>,
  remembers?: EmitterDeps['remembers'],
): Emitter {
  const { epoch, instance, broker: brokerName, hopLimit } = process.env
  if (epoch === undefined) throw new Error('FAULTLINE_EPOCH is needed: the epoch that the control plane granted')
  const emitter = createEmitter({
    publisher: createPublisher({
      ...{ broker, brokerName, report: process.telemetry.write, producer: instance, epoch, now },
    }),
    decode: decodeInProcess,
    eventTypes: async () => typeIndexOf(process.config() ?? (await process.firstConfig())),
    ...(remembers === undefined ? {} : { remembers }),
    hopLimit,
  })
  process.onShutdown(emitter.stop)
  return process.wrapEmitter(emitter)
}
