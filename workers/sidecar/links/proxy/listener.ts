import type { Server } from 'node:net'

/** LISTENING ⇄ DEAF → CLOSED. DEAF: the system itself refuses who connects; connections that are open stay so. */
export interface Listener {
  /** Resolves with the port, which is the same every time. Rejects if another process has taken it meanwhile. */
  listen(): Promise<number>
  stop(): void
  /** Resolves when the last connection is closed. */
  close(): Promise<void>
}

/** Makes a server listen on a free port of 127.0.0.1, and again on the same one. */
export function createListener(server: Server): Listener {
  let port = 0
  return {
    listen() {
      if (server.listening) return Promise.resolve(port)
      return new Promise((resolve, reject) => {
        const failed = (error: Error): void => {
          server.off('listening', listening)
          reject(error)
        }
        const listening = (): void => {
          server.off('error', failed)
          const address = server.address()
          if (address === null || typeof address === 'string') reject(new Error('the system gave no port'))
          else {
            port = address.port
            resolve(port)
          }
        }
        server.once('error', failed).once('listening', listening)
        server.listen(port, '127.0.0.1')
      })
    },
    stop() {
      if (server.listening) server.close()
    },
    async close() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
