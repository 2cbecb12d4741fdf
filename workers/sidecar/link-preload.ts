/**
 * Loaded into every worker before its own code (`node -r`), built as plain CommonJS. Sends each TCP connection to a
 * declared link through the sidecar's proxy port for it, and refuses every other destination. No client is configured for
 * it: URLs, Host headers and TLS names stay as they are. Unix sockets are left alone.
 */
import net from 'node:net'
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

function refuse(socket: net.Socket, host: string, port: number | string): net.Socket {
  const problem = Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}: not a declared link of ${service}`), {
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: host,
    port: Number(port),
  })
  // As for a real refusal, what is written meanwhile waits and the error comes later.
  Object.assign(socket, { connecting: true })
  process.nextTick(() => socket.destroy(problem))
  return socket
}

function connectThroughLink(this: net.Socket, ...args: unknown[]): net.Socket {
  const { target, callback } = normalize(args)
  if (typeof target.path === 'string' || target.port === undefined || target.port === null)
    return Reflect.apply(connect, this, args)
  const host = target.host ?? 'localhost'
  const proxyPort =
    proxyPorts.get(addressOf(host, target.port)) ?? proxyPorts.get(addressOf(nameOf(host) ?? host, target.port))
  if (proxyPort === undefined) return refuse(this, host, target.port)
  const { lookup: _, family: __, localAddress: ___, localPort: ____, ...rest } = target as Record<string, unknown>
  const rewritten = { ...rest, host: '127.0.0.1', port: proxyPort }
  return Reflect.apply(connect, this, callback ? [rewritten, callback] : [rewritten])
}

Object.assign(net.Socket.prototype, { connect: connectThroughLink })
