import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditReport } from '#contracts/api/audit.ts'
import { labPlan, labView } from '#contracts/api/lab.ts'
import { topology } from '#contracts/api/topology.ts'
import { type Lab, startLab } from './lab.ts'
import { until } from './until.ts'

const times = 50
const mailer = '  consumer-email: { receives: [user_signup, order_placed, payment_failed], builtin: email }\n'
const folder = mkdtempSync(join(tmpdir(), 'faultline-changes-'))
const file = join(folder, 'faultline.yaml')
let lab: Lab

beforeAll(async () => {
  copyFileSync('labs/default.yaml', file)
  cpSync('labs/events', join(folder, 'events'), { recursive: true })
  lab = await startLab({ FAULTLINE_LAB: file })
}, 300_000)
afterAll(async () => {
  await lab?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const call = async (path: string, method = 'GET', body?: unknown): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${lab.url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}
const view = async () => labView.parse((await call('/api/lab')).body)
const put = async (yaml: string, query = '') => {
  const { revision } = await view()
  return call(`/api/lab${query}`, 'PUT', { yaml, revision })
}
const nodes = async () => topology.parse((await call('/api/topology')).body).nodes.map(({ id }) => id)

test('a service is removed and added fifty times while messages flow, and nothing is lost', {
  timeout: 600_000,
}, async () => {
  const whole = readFileSync(file, 'utf8')
  expect(whole).toContain(mailer)
  let flows = true
  let published = 0
  const flow = (async () => {
    while (flows) {
      const data = { email: `n${published}@example.com` }
      const { status } = await call('/event', 'POST', { type: 'user_signup', data })
      expect(status).toBe(202)
      published += 1
    }
  })()
  try {
    for (let count = 0; count < times; count += 1) {
      const yaml = count % 2 === 0 ? whole.replace(mailer, '') : whole
      const { status, body } = await put(yaml)
      expect([status, body]).toEqual([200, expect.objectContaining({ applied: true, failed: [] })])
    }
  } finally {
    flows = false
    await flow
  }
  expect(published).toBeGreaterThan(times)
  const report = await until(
    'an audit that finds everything settled',
    async () => {
      const { status, body } = await call('/api/ledger/audit', 'POST', { timeoutMs: 30_000 })
      const parsed = status === 200 ? auditReport.parse(body) : undefined
      return parsed?.drained ? parsed : undefined
    },
    120_000,
  )
  expect([report.verdict.result, report.verdict.reasons]).toEqual(['pass', []])
  expect(report.groups.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  const rows = report.groups.filter(({ topic }) => topic === 'user_signup')
  expect(rows.find(({ group }) => group === 'consumer-db')).toMatchObject({ owed: published, delivered: published })
  const mails = rows.find(({ group }) => group === 'consumer-email')
  expect(mails?.delivered).toBe(mails?.owed)
  expect(await nodes()).toContain('queue:consumer-email')
})

test('what is taken out leaves no queue behind, what is in use is refused, and the file is written when asked', async () => {
  const { yaml } = await view()
  const without = yaml.replace(mailer, '')
  const plan = labPlan.parse((await put(without, '?dryRun=1')).body)
  expect(plan.lines.slice(0, 2)).toMatchObject([
    { mark: '-', what: 'service', name: 'consumer-email' },
    { mark: '-', what: 'queue', name: 'consumer-email', onApply: 'deleted' },
  ])
  expect((await put(without)).status).toBe(200)
  // The broker is looked at once a second.
  await until('the queue to be gone from the broker', async () => !(await nodes()).includes('queue:consumer-email'))
  expect(await call('/api/services')).toMatchObject({
    body: { items: [{ name: 'producer' }, { name: 'consumer-db' }] },
  })
  expect(readFileSync(file, 'utf8')).toBe(yaml)
  const saved = await call('/api/lab/save', 'POST', { revision: (await view()).revision })
  expect(saved).toMatchObject({ status: 200, body: { saved: 'saved' } })
  expect(readFileSync(file, 'utf8')).toBe(without)
  expect(await put(without.replace('order_placed, payment_failed]', 'order_place]'))).toMatchObject({
    status: 422,
    body: {
      code: 'invalid_lab',
      errors: expect.arrayContaining([expect.objectContaining({ line: expect.any(Number) })]),
    },
  })
}, 120_000)
