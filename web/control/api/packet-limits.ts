import type { Server } from 'socket.io'
import { liveNamespace } from '#contracts/api/live.ts'
import { agentNamespace } from '#contracts/protocols/agent.ts'

/** Longest packet of a sidecar, in bytes: a push of telemetry frames. */
const sidecarPacketBytes = 64 * 1024 * 1024
/** Longest packet of anybody else: a viewer says what it watches. */
export const smallPacketBytes = 64 * 1024

/** As much of an engine.io socket as limits need; its transports say how much they take in one packet. */
interface RawSocket {
  readonly transport: { maxHttpBufferSize?: number; socket?: { _receiver?: { _maxPayload?: number } } }
  on(event: 'packet', listener: (packet: { type: string; data?: unknown }) => void): void
  on(event: 'upgrade', listener: () => void): void
  close(discard?: boolean): void
}

/**
 * Small packets of text until a namespace has admitted the client, and not more than one packet's worth of them; then small ones
 * for viewers, as many as they like; large and binary ones for sidecars, whose secret was checked. `maxHttpBufferSize` of the server
 * must be `smallPacketBytes`.
 */
export function limitPackets(io: Server): void {
  const admitted = new WeakMap<object, 'viewer' | 'sidecar'>()
  io.engine.on('connection', (socket: RawSocket) => {
    let bytes = 0
    socket.on('packet', ({ type, data }) => {
      const who = admitted.get(socket)
      if (who === 'sidecar' || type !== 'message') return
      if (who === undefined) bytes += typeof data === 'string' ? data.length : 0
      // What is binary is kept until its last part has come, however many are announced.
      if (typeof data !== 'string' || bytes > smallPacketBytes || announcesParts(data)) socket.close(true)
    })
    socket.on('upgrade', () => {
      if (admitted.get(socket) === 'sidecar') widen(socket)
    })
  })
  io.of(liveNamespace).on('connection', ({ conn }) => {
    if (!admitted.has(conn)) admitted.set(conn, 'viewer')
  })
  io.of(agentNamespace).on('connection', ({ conn }) => {
    admitted.set(conn, 'sidecar')
    widen(conn as unknown as RawSocket)
  })
}

/** Socket.IO's packet types 5 and 6 have binary parts that follow. */
const announcesParts = (data: string): boolean => data.startsWith('5') || data.startsWith('6')

/** ws sets its limit once for all sockets of a server, and each of them has a copy. */
function widen({ transport }: RawSocket): void {
  transport.maxHttpBufferSize = sidecarPacketBytes
  const receiver = transport.socket?._receiver
  if (receiver?._maxPayload !== undefined) receiver._maxPayload = sidecarPacketBytes
}
