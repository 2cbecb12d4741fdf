import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { faultline, journalOf, linesOf } from '../fixtures/scripted-program.ts'

test('two runs are compared, and one that is worse than is tolerated is exit code 1', async () => {
  const folder = await temporaryFolder('cli')
  const sample = (acked: number, p99Ms: number | null): JournalLine => ({
    ...{ kind: 'sample', t: 950, due: 5, sent: 5, acked, failed: 0, indeterminate: 0, refused: 0 },
    groups: { 'consumer-db': { lag: 0, retrying: 0, delivered: acked, deadLettered: 0, p50Ms: 1, p99Ms } },
  })
  const [a, b] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')]
  await writeFile(a, journalOf([...linesOf(0).slice(0, 4), sample(5, 100), ...linesOf(0).slice(4)]))
  await writeFile(b, journalOf([...linesOf(2).slice(0, 4), sample(5, 150), ...linesOf(2).slice(4)]))
  const { out, code } = await faultline(['compare', a, b])
  expect(code).toBe(0)
  expect(out).toMatch(/delivery.latency.p99 consumer-db +100ms +150ms +\+50% worse/)
  expect(out).toMatch(/none-left: pass, then fail/)
  const figure = 'delivery.latency.p99 consumer-db'
  expect((await faultline(['compare', a, b, '--tolerate', `${figure}=60%`])).code).toBe(0)
  expect((await faultline(['compare', a, b, '--tolerate', `${figure}=20%`])).code).toBe(1)
  expect((await faultline(['compare', b, a, '--tolerate', `${figure}=0%`])).code).toBe(0)
  const none = join(folder, 'none.jsonl')
  await writeFile(none, journalOf([...linesOf(0).slice(0, 4), sample(5, null), ...linesOf(0).slice(4)]))
  const lost = await faultline(['compare', a, none, '--tolerate', `${figure}=900%`])
  expect([lost.code, lost.out]).toEqual([1, expect.stringMatching(/p99 consumer-db +100ms +none +worse/)])
  const unknown = await faultline(['compare', a, b, '--tolerate', 'delivery.latency.p99 consumer-bd=20%'])
  expect([unknown.code, unknown.complaints]).toEqual([2, expect.stringContaining('did you mean')])
  expect(out).toMatch(/B fails one check: none-left/)
  expect(out).toMatch(/ {3}B line \d+, 0\.9s: check none-left/)
  const neither = await faultline(['compare', a, b, '--tolerate', 'fault.observed crash=20%'])
  expect([neither.code, neither.complaints]).toEqual([2, expect.stringContaining('neither better nor worse')])
})
