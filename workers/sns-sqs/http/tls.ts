import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Logger } from 'pino'
import type { Signer } from '../delivery/signer.ts'
import type { PlainConnections } from './plain-connections.ts'

/** First byte of a TLS connection; no HTTP request begins with it. */
const tlsHandshake = 0x16

/**
 * Has an HTTP server speak TLS on the same port, with the certificate that its signatures are checked with: independent validators fetch a
 * certificate by https only. Whoever calls has to trust it. What is not TLS goes to `direct` first, which hands on what it cannot answer.
 */
export function alsoByTls(server: Server, direct: PlainConnections, signer: Pick<Signer, 'tls'>, log: Logger): void {
  const plain = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const accept = (connection: Socket) => {
      for (const listener of plain) listener.call(server, connection)
    }
    // Until the connection is somebody's; beneath TLS nobody else listens, and an error that nobody hears ends the process.
    socket.on('error', ignore)
    const taken = direct.awaitFirst(socket)
    socket.once('readable', () => {
      const first: Buffer | null = socket.read()
      if (first === null) {
        socket.destroy()
        return
      }
      if (first[0] !== tlsHandshake) {
        taken()
        direct.take(socket, first, accept)
        socket.off('error', ignore)
        return
      }
      socket.unshift(first)
      signer.tls().then(
        (identity) => {
          taken()
          if (socket.destroyed) return
          const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(identity) })
          secured.on('error', ignore)
          accept(secured)
        },
        (error: unknown) => {
          log.warn({ err: error }, 'a TLS connection could not be served')
          socket.destroy()
        },
      )
    })
  })
}

/** A client that breaks off sees the connection end. */
const ignore = (): void => {}
