import { mkdir, readFile, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { openRunJournals } from './run-journals.ts'

const first: JournalLine = {
  ...{ kind: 'run', t: 0, format: 1, id: 'r-1', name: 'a', seed: 1, broker: 'local', scenario: '' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endsBy: '2026-01-01T00:01:00.000Z' },
  ...{ versions: { faultline: '0.1.0', node: 'v20' }, plan: { phases: [], faults: [], checks: [] } },
}
const cut: JournalLine = { kind: 'cut', t: 500, why: 'stopped', reason: 'the run was stopped' }
const end: JournalLine = { kind: 'end', t: 900, at: '2026-01-01T00:00:01.000Z' }

test('after a line that the disk did not take no other is written, so that the journal is seen to be cut off', async () => {
  const folder = await temporaryFolder('journals')
  const file = join(folder, 'r-1.jsonl')
  const journals = openRunJournals(folder, pino({ level: 'silent' }))
  const journal = journals.create('r-1')
  journal.add(first)
  await rename(file, `${file}.aside`)
  await mkdir(file)
  journal.add(cut)
  await rmdir(file)
  await rename(`${file}.aside`, file)
  journal.add(end)
  expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(first)}\n`)
  const text = 'the disk did not take the journal: its file ends 500 ms into the run'
  expect(journal.lines).toEqual([first, cut, { kind: 'note', t: 500, text }, end])
  expect(await journals.load()).toMatchObject([
    { verdict: 'inconclusive', reasons: [expect.stringMatching(/^the journal is not whole/)] },
  ])
})

test('the newest journals are kept, as many as have room, and the newest of all whatever its size', async () => {
  const folder = await temporaryFolder('journals')
  const log = pino({ level: 'silent' })
  const size = `${JSON.stringify(first)}\n`.length
  const open = (runs: number, bytes: number) => openRunJournals(folder, log, { runs, bytes })
  for (const id of ['r-1', 'r-2', 'r-3', 'r-4']) open(9, 1e6).create(id).add(first)
  expect(await open(3, 1e6).prune()).toEqual(['r-1'])
  expect(await open(3, 2 * size).prune()).toEqual(['r-2'])
  expect(await open(3, 1).prune()).toEqual(['r-3'])
  expect(await open(3, 1).text('r-4')).toBeDefined()
  expect(await open(3, 1).text('r-3')).toBeUndefined()
})
