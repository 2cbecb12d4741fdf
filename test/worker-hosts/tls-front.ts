import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { promisify } from 'node:util'

/** What ends TLS in front of web, as a load balancer does. */
export interface TlsFront {
  /** `https://localhost:PORT`. */
  url: string
  /** PEM file with the certificate that clients have to trust. */
  ca: string
  /** Connections that spoke TLS so far. */
  connections(): number
  stop(): Promise<void>
}

/** Makes a certificate for `localhost` in `folder` and hands decrypted bytes on to `port`. */
export async function startTlsFront(port: number, folder: string): Promise<TlsFront> {
  const [key, ca] = [join(folder, 'key.pem'), join(folder, 'ca.pem')]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', ca],
  ])
  let connections = 0
  const ends = new Set<() => void>()
  const server = createServer({ key: readFileSync(key), cert: readFileSync(ca) }, (outside) => {
    connections += 1
    const inside = connect(port, '127.0.0.1')
    outside.pipe(inside).pipe(outside)
    const end = (): void => {
      outside.destroy()
      inside.destroy()
      ends.delete(end)
    }
    ends.add(end)
    for (const one of [outside, inside]) one.on('error', end).on('close', end)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca,
    connections: () => connections,
    async stop() {
      for (const end of ends) end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
