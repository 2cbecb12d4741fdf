import { expect, test } from 'vitest'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { mostJournalBytes, useUploadedRuns } from './uploaded-runs.ts'

const first: JournalLine = {
  ...{ kind: 'run', t: 0, format: 1, id: 'r-1', name: 'a', seed: 1, broker: 'local', scenario: '' },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', endsBy: '2026-01-01T00:01:00.000Z' },
  ...{ versions: { faultline: '0.1.0', node: 'v20' }, plan: { phases: [], faults: [], checks: [] } },
}
const file = (text: string) => ({ name: 'run.jsonl', size: text.length, text: async () => text })

test('a journal of another machine is read here; one that was cut off is inconclusive', async () => {
  const { add } = useUploadedRuns.getState()
  expect(await add(file(`${JSON.stringify(first)}\n`))).toBe('file:r-1')
  expect(useUploadedRuns.getState().runs['file:r-1']?.run.verdict).toBe('inconclusive')
})

test('what is not a journal, or is too large, is refused with the reason', async () => {
  const { add } = useUploadedRuns.getState()
  expect(await add(file('not one'))).toBeUndefined()
  expect(useUploadedRuns.getState().problem).toMatch(/^run.jsonl: line 1 cannot be read/)
  expect(await add({ ...file(''), size: mostJournalBytes + 1 })).toBeUndefined()
})
