import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Journey } from '#contracts/api/journey.ts'
import { type Lab, startLab } from './lab.ts'
import { skipped } from './skipped.ts'
import { until } from './until.ts'

const run = promisify(execFile)
const example = resolve('examples/python-traced')
const venv = resolve('node_modules/.cache/faultline-examples/python-traced')

/** Gives why there is no Python with the packages of the example; undefined if there is. */
async function provision(): Promise<string | undefined> {
  try {
    const python = join(venv, 'bin', 'python')
    if (!existsSync(python)) await run('python3', ['-m', 'venv', venv])
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', join(example, 'requirements.txt')])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const suite = 'the inside of a Python program under opentelemetry-instrument'
describe.skipIf(skipped(suite, await provision()))(suite, { timeout: 120_000 }, () => {
  const token = 'the-token-of-this-lab'
  let folder: string
  let lab: Lab

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-traced-'))
    // The example as it is, with its packages where the tests keep them.
    const file = readFileSync(join(example, 'faultline.yaml'), 'utf8')
      .replaceAll('.venv/bin/', `${join(venv, 'bin')}/`)
      .replaceAll('../checkout', resolve('examples/checkout'))
      .replace('charges.py]', `${join(example, 'charges.py')}]`)
      .replace('CHARGES: charges.db', `CHARGES: ${join(folder, 'charges.db')}`)
    writeFileSync(join(folder, 'faultline.yaml'), file)
    lab = await startLab({ FAULTLINE_LAB: join(folder, 'faultline.yaml'), FAULTLINE_TOKEN: token })
  }, 300_000)
  afterAll(async () => {
    await lab?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${lab.url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } })

  async function journeyWithSpans(id: string, count: number): Promise<Journey> {
    let journey: Journey | undefined
    await until(
      `${count} spans; ${lab.output()}`,
      async () => {
        journey = (await (await ask(`/api/messages/${encodeURIComponent(id)}`)).json()) as Journey
        const spans = journey.obligations.flatMap(({ attempts }) => attempts.flatMap((one) => one.spans ?? []))
        return spans.length >= count
      },
      60_000,
    )
    if (!journey) throw new Error('it has no journey')
    return journey
  }

  test('its SQL, its calls and its lines are inside the attempt, and the ledger knows nothing of them', async () => {
    const data = { orderId: 'A-1', email: 'ada@example.com', total: 42.5 }
    const published = await ask('/event', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'order_placed', data }),
    })
    const { id } = (await published.json()) as { id: string }
    const { obligations, logs, spansLeftOut } = await journeyWithSpans(id, 4)
    const [payment] = obligations.filter(({ group }) => group === 'payment')
    expect(payment?.attempts).toHaveLength(1)
    const [attempt] = payment?.attempts ?? []
    const spans = attempt?.spans ?? []
    expect(spans.map(({ name, depth, placedBy, service }) => [name, depth, placedBy, service])).toEqual([
      ['POST /', 0, 'parent', 'payment'],
      ['CREATE', 1, 'parent', 'payment'],
      ['INSERT', 1, 'parent', 'payment'],
      ['POST', 1, 'parent', 'payment'],
    ])
    expect(spansLeftOut).toBeUndefined()
    expect(spans[2]?.attributes['db.statement']).toContain('INSERT OR IGNORE INTO charges')
    const sink = spans[3]?.attributes['http.url'] ?? ''
    expect(sink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\[secret\]$/)
    const from = Date.parse(attempt?.startedAt ?? '')
    for (const { startedAt, tookMs } of spans) {
      expect(Date.parse(startedAt)).toBeGreaterThanOrEqual(from - 50)
      expect(Date.parse(startedAt) + tookMs).toBeLessThanOrEqual(from + (attempt?.handlingMs ?? 0) + 50)
    }
    await until('its line', async () => {
      const journey = (await (await ask(`/api/messages/${encodeURIComponent(id)}`)).json()) as Journey
      return journey.logs.some(({ message, spanId, level }) => message === 'charged A-1' && spanId && level === 'warn')
    })
    expect(logs.every(({ messageId }) => messageId === id)).toBe(true)
    // What it published is of the same trace, and has spans of its own only.
    const flow = (await (await ask(`/api/flows/${encodeURIComponent(id)}`)).json()) as { journeys: Journey[] }
    expect(flow.journeys.map(({ type }) => type)).toEqual(['order_placed', 'payment_captured'])
    expect(flow.journeys[1]?.obligations.flatMap(({ attempts }) => attempts.flatMap((one) => one.spans ?? []))).toEqual(
      [],
    )
    const { anomalies } = (await (await ask('/api/ledger')).json()) as { anomalies: { count: number }[] }
    expect(anomalies.filter(({ count }) => count > 0)).toEqual([])
  })

  test('a stranger is not let in; what no message has the trace of is counted', async () => {
    const body = JSON.stringify({
      resourceSpans: [
        { scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'of nobody' }] }] },
      ],
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    expect((await fetch(`${lab.url}/v1/traces`, init)).status).toBe(401)
    const metric = async (): Promise<number> =>
      Number(
        /^faultline_program_reports_total\{signal="spans"\} (\d+)/m.exec(await (await ask('/metrics')).text())?.[1],
      )
    const before = await metric()
    expect((await ask('/v1/traces', init)).status).toBe(200)
    expect(await metric()).toBe(before + 1)
  })
})
