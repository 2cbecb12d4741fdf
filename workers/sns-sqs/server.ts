import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type Logger, pino } from 'pino'
import { requestListener } from './http/request-listener.ts'
import { LongPoll } from './long-poll.ts'
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
  /** A store to use instead. */
  store?: QueueStore
}

export interface Simulator {
  port: number
  url: string
  /** Answers what is under way, then writes everything down. */
  close(): Promise<void>
}

/** Starts an HTTP server that speaks the protocols of SNS and SQS. Rejects where the port or the folder cannot be used. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const log = options.log ?? pino({ level: 'silent' })
  const store = options.store ?? openStore(options.dataDir, log)
  const longPoll = new LongPoll(store)
  const services = { store, longPoll, log, clock: Date.now, newId: randomUUID }
  // Clients of a pool may be idle for long; the SDKs keep theirs and find out about a closed one too late.
  const server = createServer(
    { keepAliveTimeout: 120_000, requestTimeout: 30_000, noDelay: true },
    requestListener(services),
  )
  try {
    await listen(server, options.port, options.host)
  } catch (error) {
    await store.close()
    throw error
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const close = async () => {
    longPoll.close()
    await closeServer(server)
    await store.close()
  }
  return { port: address.port, url: `http://${options.host}:${address.port}`, close }
}

const openStore = (dataDir: string | undefined, log: Logger): QueueStore =>
  dataDir === undefined ? memoryStore() : journalStore({ dir: dataDir, log })

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // What was being answered has had its time when this comes; its client is told by the broken connection.
    setTimeout(() => server.closeAllConnections(), 1_000).unref()
  })
