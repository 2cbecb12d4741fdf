import { createServer } from 'node:net'
import type { LinkStatus } from '#contracts/protocols/agent.ts'
import type { Link } from '../links.ts'
import { joinConnection } from './link-connection.ts'
import type { LinkFault } from './link-fault.ts'
import { createListener } from './listener.ts'
import { createPassages, type Passages } from './passages.ts'

export interface LinkProxy {
  readonly link: Link
  /** On 127.0.0.1; stays the same while the link is cut. */
  readonly port: number
  status(): LinkStatus
  /** Begins a fault on all connections, present and future. */
  addFault(fault: LinkFault): void
  /** Ends it; what it held goes on. */
  removeFault(fault: LinkFault): void
  /** Resets what is open and listens no more: who connects is refused by the system itself. Resolves when that is so. */
  cut(by: string): Promise<void>
  /** Listens again when nobody else has cut it; rejects if the port was taken meanwhile. */
  mend(by: string): Promise<void>
  /** Stops listening and resets what is open. */
  close(): Promise<void>
}

interface Open {
  reset(): void
  passages: Passages
}

/** Listens on a free port and carries every connection to the link's address, unchanged but for the faults on it. */
export async function startLinkProxy(link: Link): Promise<LinkProxy> {
  const connections = new Set<Open>()
  const faults = new Set<LinkFault>()
  const cutBy = new Set<string>()
  let bytesUp = 0
  let bytesDown = 0
  let closed = false
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const passages = createPassages()
    const connection = joinConnection(client, {
      ...{ host: link.host, port: link.port, stages: { up: passages.up, down: passages.down } },
      onBytes(direction, count) {
        if (direction === 'up') bytesUp += count
        else bytesDown += count
      },
      onClosed() {
        connections.delete(open)
        passages.leaveAll()
      },
    })
    const open: Open = { reset: connection.reset, passages }
    connections.add(open)
    for (const fault of faults) passages.enter(fault, open)
  })
  const listener = createListener(server)
  const port = await listener.listen()
  // Out of file descriptors, for one: the worker's connect then fails by itself.
  server.on('error', () => undefined)

  const resetAll = (): void => {
    for (const { reset } of connections) reset()
  }
  return {
    link,
    port,
    status: () => ({
      id: link.id,
      upstream: `${link.host}:${link.port}`,
      connections: connections.size,
      bytesUp,
      bytesDown,
    }),
    addFault(fault) {
      faults.add(fault)
      for (const open of connections) open.passages.enter(fault, open)
    },
    removeFault(fault) {
      faults.delete(fault)
      fault.end()
      for (const { passages } of connections) passages.leave(fault)
    },
    async cut(by) {
      cutBy.add(by)
      listener.stop()
      resetAll()
    },
    async mend(by) {
      if (!cutBy.delete(by) || cutBy.size > 0 || closed) return
      await listener.listen()
    },
    async close() {
      closed = true
      for (const fault of faults) fault.end()
      resetAll()
      await listener.close()
    },
  }
}
