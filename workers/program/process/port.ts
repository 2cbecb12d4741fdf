import { type AddressInfo, connect, createServer } from 'node:net'

/** A port of 127.0.0.1 at which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

/** The loopback address at which somebody listens on the port: programs take either of the two. */
export async function listeningAt(port: number): Promise<'127.0.0.1' | '::1' | undefined> {
  for (const host of ['127.0.0.1', '::1'] as const) if (await opens(host, port)) return host
  return undefined
}

function opens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (open: boolean): void => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.setTimeout(1_000, () => end(false))
  })
}
