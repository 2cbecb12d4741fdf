import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import type { Audit } from '../audit.ts'
import { keepLastAudit } from './last-audit.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'faultline-last-audit-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const disagreement = (samples: number, length = 10): Disagreement => ({
  ...{ kind: 'message_gone', weight: 'fail', group: 'consumer-db', count: samples, detail: 'nobody has it' },
  samples: Array.from({ length: samples }, (_, at) => `${at}`.padStart(length, 'm')),
})
const report = (disagreements: Disagreement[] = []): AuditReport => ({
  ...{ broker: 'local', at: '2026-01-02T03:04:05.000Z', verdict: { result: 'pass', reasons: [] } },
  ...{ publishes: [], groups: [], nextDue: {}, anomalies: [], invariants: [], toldTwice: [], pending: 0 },
  watermark: { at: null, behindMs: null, sources: [] },
  ...{ drained: true, undrained: [], tookMs: 5, contents: [], disagreements },
  witnesses: { telemetry: { delivered: {}, deadLettered: {}, unsettled: 0 }, broker: null, effects: null },
  resolved: { absent: 0, lost: 0, delivered: 0, deadLettered: 0 },
})
const auditing = (answer: () => Promise<AuditReport>): Audit => ({ run: answer, close: async () => undefined })
const opened = async (answer: () => Promise<AuditReport> = async () => report()) => {
  const log = { warn: vi.fn() }
  return { log, audit: await keepLastAudit(auditing(answer), { dataDir, log }) }
}

test('the last report is kept over a restart, and a failed audit leaves it', async () => {
  const { audit } = await opened()
  expect(audit.last()).toBeUndefined()
  const made = await audit.run(0)
  expect(audit.last()).toEqual(made)
  const again = await opened(() => Promise.reject(new Error('stopped')))
  expect(again.audit.last()).toEqual(made)
  await expect(again.audit.run(0)).rejects.toThrow('stopped')
  expect(again.audit.last()).toEqual(made)
})

test('a huge report is answered as it is and kept with fewer messages', async () => {
  const huge = report(Array.from({ length: 500 }, () => disagreement(100, 200)))
  const { audit } = await opened(async () => huge)
  expect(await audit.run(0)).toBe(huge)
  expect(audit.last()?.disagreements[0]).toMatchObject({ count: 100, samples: { length: 5 } })
  expect((await readFile(join(dataDir, 'state', 'last-audit.json'))).length).toBeLessThan(4 * 1024 * 1024)
  expect((await opened()).audit.last()).toEqual(audit.last())
})

test('a file that is no report is no reason not to start', async () => {
  await mkdir(join(dataDir, 'state'))
  await writeFile(join(dataDir, 'state', 'last-audit.json'), '{"report": {"at": 5}}')
  const { audit, log } = await opened()
  expect(audit.last()).toBeUndefined()
  expect(log.warn).toHaveBeenCalledOnce()
  await audit.run(0)
  expect((await opened()).audit.last()).toBeDefined()
})
