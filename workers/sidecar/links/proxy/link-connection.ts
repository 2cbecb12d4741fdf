import { connect, type Socket } from 'node:net'
import { carry, type Stage } from './direction.ts'

export interface LinkConnectionOptions {
  host: string
  port: number
  /** Stages of each direction: `up` to the upstream, `down` to the worker. */
  stages: { up: () => readonly Stage[]; down: () => readonly Stage[] }
  onBytes: (direction: 'up' | 'down', count: number) => void
  onClosed: () => void
}

/**
 * One connection of a worker through its link. CONNECTING → OPEN → HALF-CLOSED → CLOSED. Bytes wait until the upstream
 * answers. A FIN passes on as a FIN and leaves the other direction open. What ends badly on one side is reset on the other:
 * an upstream that refuses, fails, or closes before it has said a single byte, which some clients would wait on for ever.
 */
export function joinConnection(client: Socket, options: LinkConnectionOptions): { reset(): void } {
  const { stages, onBytes } = options
  const upstream = connect({ host: options.host, port: options.port, allowHalfOpen: true })
  let answered = false
  let open = 2

  function reset(): void {
    for (const socket of [client, upstream]) if (!socket.destroyed) socket.resetAndDestroy()
  }
  function closed(hadError: boolean): void {
    if (hadError) reset()
    open -= 1
    if (open === 0) options.onClosed()
  }

  for (const socket of [client, upstream]) {
    socket.setNoDelay(true)
    socket.on('error', reset)
    socket.on('close', closed)
  }
  upstream.once('connect', () => client.resume())
  carry(client, upstream, {
    stages: stages.up,
    onBytes: (count) => onBytes('up', count),
    onEnd: () => upstream.end(),
    onError: reset,
  })
  client.pause()
  carry(upstream, client, {
    stages: stages.down,
    onBytes(count) {
      answered = true
      onBytes('down', count)
    },
    onEnd() {
      if (answered || client.readableEnded) client.end()
      else reset()
    },
    onError: reset,
  })
  return { reset }
}
