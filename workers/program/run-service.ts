import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { batchesOf } from '#workers/runtime/consume/batches.ts'
import type { Emitter } from '#workers/runtime/publish/emitter.ts'
import { runConsumer } from '#workers/runtime/run-consumer.ts'
import type { WorkerProcess } from '#workers/runtime/worker-face.ts'
import type { InHand } from './causes/in-hand.ts'
import { createCaller } from './delivery/call.ts'
import { deliverTo } from './delivery/deliver.ts'
import { watchUrl } from './delivery/watch-url.ts'
import { whileItRuns } from './delivery/while-it-runs.ts'
import type { Program } from './process/program-process.ts'

export interface ServiceOptions {
  worker: WorkerProcess
  broker: Pick<Broker, 'subscribe'>
  emitter: Emitter
  inHand: InHand
  /** Whether the service takes messages. */
  receives: boolean
  /** Where events are delivered. */
  url: URL
  /** The program of this replica; undefined if it runs elsewhere. */
  program: Program | undefined
}

const defaultConcurrency = 4

/**
 * Delivers the messages of the service until the worker stops. RUNNING → STOPPING, by the worker's shutdown or by the end of its program:
 * then calls under way fail, what has not reached it is given back, and the worker ends as one that cannot go on.
 */
export async function runService({
  worker,
  broker,
  emitter,
  inHand,
  receives,
  url,
  program,
}: ServiceOptions): Promise<void> {
  const { service: group, broker: kind, concurrency = defaultConcurrency } = worker.env
  const abandoned = new AbortController()
  void program?.ended.then((how) => {
    worker.fail(`the program ended: ${how}`)
    abandoned.abort(program.gone.reason)
  })
  if (!receives) {
    worker.setState({ state: 'running' })
    return
  }
  const caller = createCaller(url, concurrency)
  worker.onShutdown(async () => caller.close())
  const watch = program === undefined ? watchUrl(worker, url) : undefined
  worker.onShutdown(async () => watch?.close())
  const deliver = inHand.during(deliverTo({ caller, group, watch }))
  const handler = program === undefined ? deliver : whileItRuns(deliver, program.gone)
  const consumer = worker.wrapConsumer({
    group,
    handlers: { '*': handler },
    ...batchesOf(concurrency, brokerOf(kind).partitioned),
  })
  await runConsumer({ process: worker, broker, consumer, emitter, abandoned: abandoned.signal })
}
