import { createServer } from 'node:net'
import type { LinkStatus } from '#contracts/agent-protocol.ts'
import type { Link } from '../links.ts'
import { joinConnection } from './link-connection.ts'

export interface LinkProxy {
  readonly link: Link
  /** On 127.0.0.1. */
  readonly port: number
  status(): LinkStatus
  /** Stops listening and resets what is open. */
  close(): Promise<void>
}

/** Listens on a free port and carries every connection to the link's address, unchanged. */
export async function startLinkProxy(link: Link): Promise<LinkProxy> {
  const connections = new Set<{ reset(): void }>()
  let bytesUp = 0
  let bytesDown = 0
  const none = () => []
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const connection = joinConnection(client, {
      ...{ host: link.host, port: link.port, stages: { up: none, down: none } },
      onBytes(direction, count) {
        if (direction === 'up') bytesUp += count
        else bytesDown += count
      },
      onClosed: () => connections.delete(connection),
    })
    connections.add(connection)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // Out of file descriptors, for one: the worker's connect then fails by itself.
  server.on('error', () => undefined)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error(`no port was given to the link ${link.id}`)

  return {
    link,
    port: address.port,
    status: () => ({
      id: link.id,
      upstream: `${link.host}:${link.port}`,
      connections: connections.size,
      bytesUp,
      bytesDown,
    }),
    async close() {
      for (const connection of connections) connection.reset()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
