import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownKafkaMissing } from '../../../test/kafka.ts'
import { elsewhereHost, type SecuredKafka, securedUser, startSecuredKafka } from '../../../test/secured-kafka.ts'
import { buildPreload } from '../fixtures/sidecar-process.ts'
import { startLinkOpener } from './link-opener.ts'
import { type LinkProxy, startLinkProxy } from './proxy/link-proxy.ts'

const run = promisify(execFile)
const worker = fileURLToPath(new URL('../fixtures/kafka-worker.ts', import.meta.url))

/**
 * The proxy of a link carries TLS unseen. The name that the worker asks the broker for, and that it looks for in its certificate, is
 * that of the broker; 127.0.0.1, where the proxy listens, is in no certificate here.
 */
describe.skipIf(await ownKafkaMissing('links to a Kafka with TLS'))('a link to a Kafka with TLS and users', () => {
  let kafka: SecuredKafka
  let folder: string
  let preload: string
  const proxies: LinkProxy[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-link-secured-'))
    ;[preload, kafka] = await Promise.all([buildPreload(folder), startSecuredKafka()])
  }, 120_000)
  afterAll(async () => {
    for (const proxy of proxies) await proxy.close()
    await kafka?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const portOf = (address: string): number => Number(address.split(':').at(-1))
  /** The proxy for a port of this machine, whatever the broker behind it is called. */
  async function proxyTo(port: number): Promise<LinkProxy> {
    const proxy = await startLinkProxy({ id: 'consumer-x->broker', host: '127.0.0.1', port })
    proxies.push(proxy)
    return proxy
  }

  /** The real driver in a process behind the preload: what it printed. `address`: as KAFKA_BROKERS names the broker. */
  async function behindPreload(address: string, proxy: LinkProxy, env: Record<string, string> = {}): Promise<string> {
    const [host, port] = address.split(':')
    const links = [{ link: 'consumer-x->broker', host, port: Number(port), proxyPort: proxy.port }]
    const { stdout } = await run(process.execPath, ['-r', preload, '--import', 'tsx', worker], {
      env: {
        ...{ PATH: process.env.PATH, FAULTLINE_SERVICE: 'consumer-x', FAULTLINE_LINKS: JSON.stringify(links) },
        ...{ KAFKA_BROKERS: address, KAFKA_SSL: '1', KAFKA_SSL_CA: kafka.ca, KAFKA_SASL_MECHANISM: 'scram-sha-256' },
        KAFKA_SASL_USERNAME: securedUser.username,
        KAFKA_SASL_PASSWORD: securedUser.password,
        ...env,
      },
      timeout: 50_000,
    })
    return stdout.trim()
  }
  const whole = 'acked\ndelivered\ncommitted'

  test('publishes, delivers and commits under a name that only the certificate knows', async () => {
    const proxy = await proxyTo(portOf(kafka.elsewhere))
    expect(await behindPreload(kafka.elsewhere, proxy)).toBe(whole)
    expect(proxy.status().bytesUp).toBeGreaterThan(1_000)
  })

  test('does so where the cluster advertises another address than the first', async () => {
    const first = await proxyTo(portOf(kafka.elsewhere))
    const asked: string[] = []
    const opener = await startLinkOpener(async (host, port) => {
      asked.push(`${host}:${port}`)
      return (await proxyTo(port)).port
    })
    const bootstrap = 'localhost:9'
    expect(await behindPreload(bootstrap, first, { FAULTLINE_LINK_OPENER: opener.address })).toBe(whole)
    expect(new Set(asked)).toEqual(new Set([kafka.elsewhere]))
    await opener.close()
  })

  test('says so where the certificate is of another broker, and what to do where the password is wrong', async () => {
    const proxy = await proxyTo(portOf(kafka.secured))
    expect(await behindPreload(`other.${elsewhereHost}:9093`, proxy)).toMatch(
      /ERR_TLS_CERT_ALTNAME_INVALID: .*Host: other\.kafka\.test\. is not in the cert's altnames.*Name the brokers in KAFKA_BROKERS/,
    )
    expect(await behindPreload(kafka.secured, proxy, { KAFKA_SASL_PASSWORD: 'not-it' })).toMatch(
      /SaslAuthenticationFailed: .*Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/,
    )
    expect(await behindPreload(kafka.secured, proxy, { KAFKA_SSL: '', KAFKA_SSL_CA: '' })).toMatch(
      /ClosedAtOnce: .*it may want TLS \(KAFKA_SSL=1\)/,
    )
  })
})
