/**
 * Loaded into every worker before its own code (`node -r`), built as plain CommonJS. Sends each TCP connection to a
 * declared link through the sidecar's proxy port for it, and refuses every other destination; on Kafka it first asks the sidecar, since
 * a cluster says itself where its brokers answer. A program that the worker started is not a link: it is reached as it is. No client is configured for it: URLs, Host headers and TLS names stay as they are. Unix sockets are left alone.
 */
import net from 'node:net'
import { ownPorts } from '#contracts/protocols/own-ports.ts'
import { askForLink } from './link-asker.ts'
import { listenToNames } from './link-names.ts'

interface ProxiedLink {
  link: string
  host: string
  port: number
  proxyPort: number
}

const service = process.env.FAULTLINE_SERVICE ?? 'this worker'
const links: ProxiedLink[] = JSON.parse(process.env.FAULTLINE_LINKS ?? '[]')
const proxyPorts = new Map(links.map(({ host, port, proxyPort }) => [addressOf(host, port), proxyPort]))
const nameOf = listenToNames(new Set(links.map(({ host }) => host.toLowerCase())))
/** `port key`, where the sidecar opens links that the broker names. */
const opener = process.env.FAULTLINE_LINK_OPENER
const connect = net.Socket.prototype.connect

/** One name for one place: loopback has many. */
function addressOf(host: string, port: number | string): string {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  const loopback = name === '' || name === 'localhost' || name === '::1' || name === '127.0.0.1'
  return `${loopback ? 'loopback' : name}:${port}`
}

type Callback = () => void
interface Target {
  path?: string
  host?: string
  port?: number | string
}

const isCallback = (value: unknown): value is Callback => typeof value === 'function'
const isTarget = (value: unknown): value is Target => typeof value === 'object' && value !== null

/** Every form in which `connect` can be called, as options and callback; `net.connect` itself hands on an array. */
function normalize(args: readonly unknown[]): { target: Target; callback: Callback | undefined } {
  const given: readonly unknown[] = Array.isArray(args[0]) ? args[0] : args
  const callback = given.find(isCallback)
  const [first, second] = given
  if (isTarget(first)) return { target: first, callback }
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))) {
    return { target: { port: first, ...(typeof second === 'string' ? { host: second } : {}) }, callback }
  }
  return { target: typeof first === 'string' ? { path: first } : {}, callback }
}

function refusal(host: string, port: number | string, why: string): Error {
  return Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}: ${why}`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: host,
    port: Number(port),
  })
}

/** Connects to the port that `asked` gives; as in a real connect, what is written meanwhile waits, and an error comes later. */
function connectLater(socket: net.Socket, asked: Promise<number>, go: (proxyPort: number) => void): net.Socket {
  Object.assign(socket, { connecting: true })
  asked.then(
    (proxyPort) => {
      if (!socket.destroyed) go(proxyPort)
    },
    (problem) => socket.destroy(problem),
  )
  return socket
}

/** The proxy port for an address that no link names, from the sidecar where it opens any. */
async function openLink(host: string, port: number | string): Promise<number> {
  if (opener === undefined) throw refusal(host, port, `not a declared link of ${service}`)
  const found = await askForLink(opener, host, Number(port), (socket, target) =>
    Reflect.apply(connect, socket, [target]),
  )
  if ('problem' in found) throw refusal(host, port, found.problem)
  proxyPorts.set(addressOf(host, port), found.proxyPort)
  return found.proxyPort
}

function connectThroughLink(this: net.Socket, ...args: unknown[]): net.Socket {
  const { target, callback } = normalize(args)
  if (typeof target.path === 'string' || target.port === undefined || target.port === null)
    return Reflect.apply(connect, this, args)
  const host = target.host ?? 'localhost'
  const address = addressOf(host, target.port)
  if (address.startsWith('loopback:') && ownPorts().has(Number(target.port))) return Reflect.apply(connect, this, args)
  const proxyPort = proxyPorts.get(address) ?? proxyPorts.get(addressOf(nameOf(host) ?? host, target.port))
  const { lookup: _, family: __, localAddress: ___, localPort: ____, ...rest } = target as Record<string, unknown>
  const through = (port: number): net.Socket => {
    const rewritten = { ...rest, host: '127.0.0.1', port }
    return Reflect.apply(connect, this, callback ? [rewritten, callback] : [rewritten])
  }
  return proxyPort === undefined ? connectLater(this, openLink(host, target.port), through) : through(proxyPort)
}

Object.assign(net.Socket.prototype, { connect: connectThroughLink })
