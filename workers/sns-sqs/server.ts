import { createServer, type Server } from 'node:http'
import { type Logger, pino } from 'pino'
import type { ActionServices } from './actions/action.ts'
import { FifoThroughput } from './actions/sqs/fifo-throughput.ts'
import { SimulatorClock } from './clock.ts'
import { Deliveries } from './delivery/deliveries.ts'
import { Signer } from './delivery/signer.ts'
import { FaultBook } from './faults/fault-book.ts'
import { PlainConnections } from './http/plain-connections.ts'
import { requestListener } from './http/request-listener.ts'
import { alsoByTls } from './http/tls.ts'
import { applyInit, type InitFile } from './init.ts'
import { LongPoll } from './long-poll.ts'
import { MoveTasks } from './move-tasks.ts'
import { newId } from './new-id.ts'
import { defaultAccount } from './semantics/names.ts'
import { journalStore } from './stores/journal.ts'
import { memoryStore } from './stores/memory.ts'
import type { QueueStore } from './stores/queue-store.ts'

export interface SimulatorOptions {
  /** 0: any free one. */
  port: number
  host: string
  /** Where the journal is kept. Absent: memory only. */
  dataDir?: string
  /** Default: silent. */
  log?: Logger
  /** A store to use instead, made on this clock. */
  store?: (clock: SimulatorClock) => QueueStore
  /** The account of requests that name none. Default 123456789012. */
  account?: string
  /** Refuse requests that are not signed with this secret. Default: signatures are read and not checked. */
  secretAccessKey?: string
  /** For how long the name of a deleted queue cannot be used again, in milliseconds. Default 60,000, as on AWS. */
  recreateAfterMs?: number
  /** Refuse calls of FIFO queues beyond AWS's limits of throughput. Default false. */
  fifoLimits?: boolean
  /** Queues, topics and subscriptions that are made at the start. */
  init?: InitFile
}

export interface Simulator {
  port: number
  url: string
  /** Answers what is under way, then writes everything down. */
  close(): Promise<void>
}

/** Starts an HTTP server that speaks the protocols of SNS and SQS. Rejects if the port or the folder cannot be used. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const log = options.log ?? pino({ level: 'silent' })
  const clock = new SimulatorClock()
  const store = options.store?.(clock) ?? openStore(options.dataDir, log, clock)
  const services = servicesOf(store, clock, log, options)
  const { account = defaultAccount, secretAccessKey } = options
  // Clients of a pool may be idle for long; the SDKs keep theirs and find out about a closed one too late.
  const times = { keepAliveTimeout: 120_000, requestTimeout: 30_000 }
  const answers = { account, secretAccessKey }
  const server = createServer({ ...times, noDelay: true }, requestListener(services, answers))
  const direct = new PlainConnections(services, answers, times)
  alsoByTls(server, direct, services.signer, log)
  const end = async () => {
    // First who waits for messages by itself: it would begin to wait again.
    services.deliveries.close()
    services.longPoll.close()
    services.moveTasks.close()
  }
  try {
    if (options.init !== undefined) await applyInit(options.init, services, account)
    await listen(server, options.port, options.host)
  } catch (error) {
    direct.finish()
    await end()
    await store.close()
    throw error
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async () => {
    await end()
    await closeServer(server, direct)
    await store.close()
  }
  return { port: address.port, url: `http://${options.host}:${address.port}`, close }
}

function servicesOf(store: QueueStore, clock: SimulatorClock, log: Logger, options: SimulatorOptions): ActionServices {
  const longPoll = new LongPoll(store, clock)
  return {
    store,
    clock,
    log,
    newId,
    longPoll,
    faults: new FaultBook(clock),
    moveTasks: new MoveTasks({ store, clock, log, newId }),
    deliveries: new Deliveries({ store, longPoll, clock, log, newId }),
    signer: new Signer(store, clock),
    recreateAfterMs: options.recreateAfterMs ?? 60_000,
    ...(options.fifoLimits === true ? { fifoThroughput: new FifoThroughput(clock) } : {}),
  }
}

const openStore = (dataDir: string | undefined, log: Logger, { now }: SimulatorClock): QueueStore =>
  dataDir === undefined ? memoryStore({ clock: now }) : journalStore({ dir: dataDir, log, clock: now })

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })

const closeServer = (server: Server, direct: PlainConnections): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    direct.finish()
    // What was being answered has had its time when this comes; its client sees the broken connection.
    setTimeout(() => {
      server.closeAllConnections()
      direct.destroy()
    }, 1_000).unref()
  })
