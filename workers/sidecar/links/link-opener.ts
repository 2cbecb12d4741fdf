import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/**
 * A Kafka cluster gives its clients the addresses of its brokers, which need not be those that the client began with
 * (`advertised.listeners`). The preload of a worker asks here for a link to such an address: one line of JSON each way.
 */
export interface LinkOpener {
  /** `port key`, for FAULTLINE_LINK_OPENER. Only who knows the key is answered. */
  readonly address: string
  close(): Promise<void>
}

const question = z.object({ key: z.string(), host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) })
const questionMs = 5_000

/** Listens on a free port of 127.0.0.1. `open` gives the port of the proxy for an address, or rejects with the reason. */
export async function startLinkOpener(open: (host: string, port: number) => Promise<number>): Promise<LinkOpener> {
  const key = randomBytes(16).toString('hex')
  const sockets = new Set<Socket>()

  async function answerTo(line: string): Promise<{ proxyPort: number } | { problem: string }> {
    try {
      const asked = question.parse(JSON.parse(line))
      if (asked.key !== key) return { problem: 'the key is wrong' }
      return { proxyPort: await open(asked.host, asked.port) }
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) }
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.setTimeout(questionMs, () => socket.destroy())
    createInterface({ input: socket })
      .on('error', () => undefined)
      .once('line', async (line) => socket.end(`${JSON.stringify(await answerTo(line))}\n`))
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    address: `${port} ${key}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
