import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { brokerEnvironment } from '#contracts/brokers/broker-settings.ts'
import { freePort } from '../../../supervisor/process/ports.ts'
import { kafkaMissing, startTestKafka, type TestKafka } from '../../../test/kafka.ts'
import { buildPreload } from '../fixtures/sidecar-process.ts'
import { type LinkOpener, startLinkOpener } from './link-opener.ts'
import { type LinkSet, openLinkSet } from './link-set.ts'

const run = promisify(execFile)
const settings = (KAFKA_BROKERS: string) => z.object(brokerEnvironment).parse({ KAFKA_BROKERS })
let folder: string
let preload: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-opener-'))
  preload = await buildPreload(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a script behind the preload of a worker on Kafka. */
async function behindPreload(script: string, links: LinkSet, opener: string): Promise<string> {
  const declared = links
    .of('kafka')
    .map(({ link: { id, host, port }, port: proxyPort }) => ({ link: id, host, port, proxyPort }))
  const { stdout } = await run(process.execPath, ['-r', preload, '--input-type=module', '-e', script], {
    env: {
      ...{ PATH: process.env.PATH, FAULTLINE_SERVICE: 'consumer-x', FAULTLINE_LINKS: JSON.stringify(declared) },
      FAULTLINE_LINK_OPENER: opener,
    },
    timeout: 50_000,
  })
  return stdout.trim()
}

describe.skipIf(await kafkaMissing('links to what a Kafka advertises'))('a cluster that names other addresses', () => {
  let kafka: TestKafka
  let links: LinkSet
  let opener: LinkOpener
  let further: Server
  let bootstrap: number
  let advertised: number
  /** Connections to the advertised address. */
  let reached = 0

  beforeAll(async () => {
    ;[bootstrap, advertised] = await Promise.all([freePort(), freePort()])
    further = createServer((socket) => {
      reached += 1
      const upstream = connect(bootstrap, '127.0.0.1')
      for (const end of [socket, upstream]) end.on('error', () => undefined)
      socket.pipe(upstream).pipe(socket)
    })
    await new Promise<void>((resolve) => further.listen(advertised, '127.0.0.1', resolve))
    kafka = await startTestKafka({
      listeners: [{ name: 'FURTHER', port: bootstrap, advertised: `127.0.0.1:${advertised}` }],
    })
    links = await openLinkSet('consumer-x', settings(`127.0.0.1:${bootstrap}`), {})
    await links.openBroker('kafka')
    opener = await startLinkOpener(async (host, port) => (await links.openAdvertised(host, port)).port)
  }, 120_000)
  afterAll(async () => {
    await opener?.close()
    await links?.close()
    further?.close()
    await kafka?.stop()
  })

  const sends = () => `
    import { Kafka, logLevel } from 'kafkajs'
    const kafka = new Kafka({ brokers: ['127.0.0.1:${bootstrap}'], logLevel: logLevel.NOTHING, retry: { retries: 10 } })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'advertised' }] })
    await admin.disconnect()
    const producer = kafka.producer()
    await producer.connect()
    const [{ baseOffset }] = await producer.send({ topic: 'advertised', messages: [{ value: 'x' }] })
    console.log(baseOffset)
    await producer.disconnect()
  `

  test('is reached there through the link, which stays one', { timeout: 60_000 }, async () => {
    expect(await behindPreload(sends(), links, opener.address)).toMatch(/^\d+$/)
    expect(reached).toBeGreaterThan(0)
    const status = links.status()
    expect(status.map(({ id }) => id)).toEqual(['consumer-x->broker'])
    expect(status[0]?.upstream).toBe(`127.0.0.1:${bootstrap}, 127.0.0.1:${advertised}`)
    expect((await links.openAdvertised('127.0.0.1', advertised)).port).toBe(
      (await links.openAdvertised('127.0.0.1', advertised)).port,
    )
  })

  test('who does not know the key, or asks for what is not an address, is refused with the reason and gets no link', async () => {
    const reach = (address: string, host: string) =>
      behindPreload(
        `import net from 'node:net'
         net.connect(${advertised}, '${host}').on('error', ({ code, message }) => console.log(code, message))`,
        links,
        address,
      )
    const [port] = opener.address.split(' ')
    expect(await reach(`${port} guess`, 'elsewhere.test')).toMatch(/^ECONNREFUSED .*the key is wrong/)
    expect(await reach('1 nobody', 'elsewhere.test')).toMatch(/^ECONNREFUSED .*the sidecar opened no link/)
  })
})

test('no link is opened to a cluster that the worker does not run on', async () => {
  const links = await openLinkSet('consumer-x', settings('127.0.0.1:1'), {})
  await expect(links.openAdvertised('127.0.0.1', 2)).rejects.toThrow('consumer-x has no link to a cluster now')
  await links.openBroker('kafka')
  const first = await links.openAdvertised('Kafka-1', 9092)
  expect(await links.openAdvertised('kafka-1', 9092)).toBe(first)
  await links.close()
})
