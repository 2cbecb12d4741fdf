import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPreload } from '../fixtures/sidecar-process.ts'
import { type LinkProxy, startLinkProxy } from './proxy/link-proxy.ts'

const run = promisify(execFile)
const closing: (() => unknown)[] = []
let folder: string
let preload: string
let names: string
let ports: Record<'http' | 'postgres' | 'smtp' | 'other', number>
let proxies: LinkProxy[]
const otherConnections: unknown[] = []

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Stands for a network in which `mailbox.test` has an address that nothing can reach. */
const nameServer = `
  const dns = require('node:dns')
  const answer = (name, ...rest) => rest.at(-1)(null, rest.length > 1 && rest[0]?.all ? [{ address: '192.0.2.7', family: 4 }] : '192.0.2.7', 4)
  dns.lookup = answer
  dns.Resolver.prototype.resolve4 = (name, done) => done(null, ['192.0.2.7'])
  dns.promises.lookup = async () => ({ address: '192.0.2.7', family: 4 })
`

/** As much of PostgreSQL as a client needs to call itself connected: AuthenticationOk and ReadyForQuery. */
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-preload-'))
  preload = await buildPreload(folder)
  names = join(folder, 'names.cjs')
  writeFileSync(names, nameServer)
  const http = createHttpServer((request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    response.end(JSON.stringify({ QueueUrls: [`host was ${request.headers.host}`] }))
  })
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _, done) => void stream.resume().on('end', () => done()),
  })
  smtp.on('error', () => undefined)
  ports = {
    http: await listen(http),
    postgres: await listen(
      createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.write(welcome))),
    ),
    smtp: await listen(smtp.server),
    other: await listen(createServer((socket) => otherConnections.push(socket.destroy()))),
  }
  const { http: httpPort, postgres, smtp: smtpPort } = ports
  proxies = await Promise.all(
    [
      { id: 'consumer-x->broker', host: 'localhost', port: httpPort },
      { id: 'consumer-x->database', host: '127.0.0.1', port: postgres },
      { id: 'consumer-x->smtp', host: '127.0.0.1', port: smtpPort },
    ].map(startLinkProxy),
  )
  closing.push(...proxies.map((proxy) => () => proxy.close()))
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Runs a script as a worker's code is run, behind the preload; gives what it printed. `named`: what links are called by, in place
 * of their host; each such name has the address 192.0.2.7.
 */
async function behindPreload(script: string, named?: string): Promise<string> {
  const links = proxies.map(({ link: { id, host, port }, port: proxyPort }) => ({
    ...{ link: id, port, proxyPort },
    host: named ?? host,
  }))
  const { stdout } = await run(process.execPath, ['-r', names, '-r', preload, '--input-type=module', '-e', script], {
    env: {
      ...{ PATH: process.env.PATH, FAULTLINE_SERVICE: 'consumer-x', FAULTLINE_LINKS: JSON.stringify(links) },
      ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' },
    },
    timeout: 50_000,
  })
  return stdout.trim()
}

const carried = (target: string) => {
  const status = proxies.find(({ link }) => link.id.endsWith(target))?.status()
  return (status?.bytesUp ?? 0) + (status?.bytesDown ?? 0)
}

test('fetch and the AWS SDK go through the link and keep their Host header', async () => {
  const before = carried('broker')
  const printed = await behindPreload(`
    import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs'
    const url = 'http://127.0.0.1:${ports.http}'
    console.log((await (await fetch(url)).json()).QueueUrls[0])
    const sqs = new SQSClient({ endpoint: url })
    console.log((await sqs.send(new ListQueuesCommand({}))).QueueUrls[0])
    sqs.destroy()
  `)
  expect(printed).toBe(`host was 127.0.0.1:${ports.http}\nhost was 127.0.0.1:${ports.http}`)
  expect(carried('broker')).toBeGreaterThan(before)
})

test('pg goes through the link', async () => {
  const before = carried('database')
  const printed = await behindPreload(`
    import pg from 'pg'
    const client = new pg.Client({ connectionString: 'postgres://u:p@127.0.0.1:${ports.postgres}/db', ssl: false })
    await client.connect()
    console.log('connected')
    process.exit(0)
  `)
  expect(printed).toBe('connected')
  expect(carried('database')).toBeGreaterThan(before)
})

test('nodemailer goes through the link', async () => {
  const before = carried('smtp')
  const printed = await behindPreload(`
    import nodemailer from 'nodemailer'
    const mail = nodemailer.createTransport({ host: '127.0.0.1', port: ${ports.smtp}, pool: true })
    const { accepted } = await mail.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'y' })
    console.log(accepted.join())
    mail.close()
  `)
  expect(printed).toBe('b@example.com')
  expect(carried('smtp')).toBeGreaterThan(before)
})

test('a client that looks the name up itself and connects to the address goes through the link', async () => {
  const before = carried('smtp')
  const printed = await behindPreload(
    `
    import dns, { lookup } from 'node:dns'
    import net from 'node:net'
    import nodemailer from 'nodemailer'
    const mail = nodemailer.createTransport({ host: 'Mailbox.test', port: ${ports.smtp}, pool: true })
    const { accepted } = await mail.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 'x', text: 'y' })
    console.log(accepted.join())
    mail.close()
    const greeted = (host) => new Promise((resolve) => {
      const socket = net.connect({ host, port: ${ports.smtp} })
      socket.on('data', (data) => resolve(String(data).slice(0, 3)) ?? socket.destroy()).on('error', (e) => resolve(e.code))
    })
    console.log(await greeted(await new Promise((resolve) => lookup('mailbox.test', (_, address) => resolve(address)))))
    console.log(await greeted((await dns.promises.lookup('mailbox.test')).address))
    console.log(await greeted('192.0.2.8'))
  `,
    'mailbox.test',
  )
  expect(printed).toBe('b@example.com\n220\n220\nECONNREFUSED')
  expect(carried('smtp')).toBeGreaterThan(before)
})

test('every form of connect to another place is refused by name, also for TLS and for bytes written at once', async () => {
  const printed = await behindPreload(`
    import net from 'node:net'
    import tls from 'node:tls'
    const failure = (socket) => new Promise((resolve) => socket.on('error', (e) => resolve(e.code + ' ' + e.message)))
    const port = ${ports.other}
    const early = new net.Socket()
    early.connect(port, '127.0.0.1')
    early.write('at once')
    const all = [
      net.connect(port), net.connect(port, 'localhost'), net.createConnection({ port, host: '127.0.0.1' }),
      new net.Socket().connect({ port }), tls.connect({ port, host: 'localhost' }), early,
    ]
    for (const line of await Promise.all(all.map(failure))) console.log(line)
    console.log((await fetch('http://localhost:' + port).catch((e) => e.cause)).code)
  `)
  const lines = printed.split('\n')
  expect(lines).toHaveLength(7)
  for (const line of lines.slice(0, 6)) {
    expect(line).toMatch(/^ECONNREFUSED connect ECONNREFUSED \S+: not a declared link of consumer-x$/)
  }
  expect(lines[6]).toBe('ECONNREFUSED')
  expect(otherConnections).toHaveLength(0)
})

test('Unix sockets are left alone', async () => {
  const path = join(folder, 'socket')
  const server = createServer((socket) => socket.end('unix'))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  closing.push(() => server.close())
  const printed = await behindPreload(`
    import net from 'node:net'
    for (const socket of [net.connect('${path}'), net.connect({ path: '${path}' })])
      await new Promise((resolve) => socket.on('data', (data) => console.log(String(data))).on('end', resolve))
  `)
  expect(printed).toBe('unix\nunix')
})
