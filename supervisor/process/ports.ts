import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Listens for a moment and gives the port; undefined if it is taken. */
export async function probePort(port: number, host: string): Promise<number | undefined> {
  const server = createServer()
  const listening = new Promise<number | undefined>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : undefined)
    })
  })
  const found = await listening
  if (server.listening) {
    server.close()
    await once(server, 'close')
  }
  return found
}

/**
 * Systems lend ports from 32768 (Linux) or 49152 up to the near ends of connections: one of those may be taken between its choice and
 * the start of the server that it is for, and an engine may start hours later.
 */
const neverLent = { first: 20_000, last: 32_767 }
const probes = 200

/** A port of 127.0.0.1 that nobody listens on and that the system gives to nobody by itself. */
export async function freePort(): Promise<number> {
  for (let probe = 0; probe < probes; probe += 1) {
    const port = await probePort(randomInt(neverLent.first, neverLent.last + 1), '127.0.0.1')
    if (port !== undefined) return port
  }
  throw new Error(`None of ${probes} ports between ${neverLent.first} and ${neverLent.last} was free on 127.0.0.1`)
}

/** A port for each name: the one it had before where that is still free, else any other. All differ. */
export async function assignPorts(names: string[], before: Record<string, number>): Promise<Record<string, number>> {
  const ports: Record<string, number> = {}
  for (const name of names) {
    const wanted = before[name]
    let port = wanted === undefined ? undefined : await probePort(wanted, '127.0.0.1')
    while (port === undefined || Object.values(ports).includes(port)) port = await freePort()
    ports[name] = port
  }
  return ports
}

function ownerOnLinux(port: number): number | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const listening = '0A'
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === listening) inodes.add(`socket:[${fields[9]}]`)
    }
  }
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        if (inodes.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`))) return Number(pid)
      }
    } catch {
      // Another account's process, or one that has just ended.
    }
  }
  return undefined
}

/** The process that listens on a port, where the system says. */
export function portOwner(port: number): number | undefined {
  try {
    if (process.platform === 'linux') return ownerOnLinux(port)
    const pid = Number.parseInt(
      execFileSync('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' }),
      10,
    )
    return Number.isNaN(pid) ? undefined : pid
  } catch {
    return undefined
  }
}

/** Throws a sentence where web's port cannot be had. */
export async function requirePort(port: number, host: string): Promise<void> {
  let free: number | undefined
  try {
    free = await probePort(port, host)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES')
      throw new Error(`Port ${port} needs more rights than this account has: set PORT to 1024 or more`)
    if (code === 'EADDRNOTAVAIL')
      throw new Error(`HOST=${host} is not an address of this machine: set HOST to one that is`)
    throw new Error(`Cannot listen on ${host}:${port}: ${message}`)
  }
  if (free !== undefined) return
  const pid = portOwner(port)
  const other = port < 65_000 ? port + 100 : 3_000
  const by = pid === undefined ? 'by another process' : `by pid ${pid}`
  throw new Error(`Port ${port} is in use ${by}: stop it, or choose another port with PORT=${other} npm start`)
}

/** Throws a sentence where another program has the port that was chosen for an engine when the lab started. */
export async function requireOwnPort(port: number, engine: string): Promise<void> {
  if ((await probePort(port, '127.0.0.1')) !== undefined) return
  const pid = portOwner(port)
  const by = pid === undefined ? 'another program' : `pid ${pid}`
  throw new Error(
    `Port ${port}, which is ${engine}'s in this lab, was taken by ${by}: end that, or start the lab again, which chooses another port`,
  )
}
