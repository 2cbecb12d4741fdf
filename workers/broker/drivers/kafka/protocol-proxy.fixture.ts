import { connect, createServer, type Socket } from 'node:net'

/** What a proxy does to a connection beside passing it on. Frames begin with their length; they may be changed in place. */
export interface Meddling {
  /** A request, before it is passed on; `hang-up` ends the connection instead. */
  request?(api: number): 'hang-up' | undefined
  /** The answer to a request; `drop` keeps it back. */
  answer?(api: number, version: number, frame: Buffer): 'drop' | undefined
}

export interface ProtocolProxy {
  port: number
  close(): void
}

/** Requests: Kafka's protocol guide, "Api Keys". */
export const produceApi = 0
export const joinGroupApi = 11
export const heartbeatApi = 12
export const apiVersionsApi = 18

/** A way to the broker on port `upstream` that knows requests and answers of Kafka's protocol. `begin` is called for each connection. */
export async function startProtocolProxy(upstream: number, begin: () => Meddling): Promise<ProtocolProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(upstream, '127.0.0.1')
    const { request, answer } = begin()
    /** By correlation id. */
    const asked = new Map<number, { api: number; version: number }>()
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    }
    const hangUp = (): void => {
      near.destroy()
      far.destroy()
    }
    near.on(
      'data',
      byFrames((frame) => {
        const api = frame.readInt16BE(4)
        asked.set(frame.readInt32BE(8), { api, version: frame.readInt16BE(6) })
        if (request?.(api) === 'hang-up') hangUp()
        else far.write(frame)
      }),
    )
    far.on(
      'data',
      byFrames((frame) => {
        const correlation = frame.readInt32BE(4)
        const { api, version } = asked.get(correlation) ?? { api: -1, version: 0 }
        asked.delete(correlation)
        if (answer?.(api, version, frame) !== 'drop') near.write(frame)
      }),
    )
    near.on('close', () => far.end())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return {
    port: address.port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Lays a Heartbeat's answer out again: the group's coordinator is another broker. */
export function sayNotCoordinator(version: number, frame: Buffer): void {
  const notCoordinator = 16
  // Length and correlation id, then from version 1 on the throttle time.
  frame.writeInt16BE(notCoordinator, version === 0 ? 8 : 12)
}

function byFrames(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0)
  return (chunk) => {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
      const size = 4 + held.readInt32BE(0)
      take(held.subarray(0, size))
      held = held.subarray(size)
    }
  }
}
