import { expect, test } from 'vitest'
import type { DefectName } from '#contracts/defects.ts'
import { defectRows } from './prove/defect-rows.ts'
import { proveDefect } from './prove/prove-defect.ts'

/** One for each thing that can be said, the quickest ones; `npm run prove` runs all of them, on every broker. */
const representative: readonly DefectName[] = [
  'swallow-error',
  'retry-early',
  'deliver-phantom',
  'telemetry-twice',
  'redrive-to-all',
  'dead-letter-delivered',
]
const rows = defectRows.filter(({ defect }) => representative.includes(defect))

test.each(rows)('$defect is named, with whom it harmed and nothing else', { timeout: 240_000 }, async (row) => {
  const { problems, harmed, idsRight } = await proveDefect(row, 'local')
  expect(problems).toEqual([])
  expect({ idsRight, isProvoked: harmed > 0 }).toEqual({ idsRight: true, isProvoked: true })
})

test('the harness fails a row in which nobody was harmed', { timeout: 240_000 }, async () => {
  const row = defectRows.find(({ defect }) => defect === 'deliver-phantom')
  if (!row) throw new Error('there is no such row')
  // Messages go through, and the defect that is planted finds no occasion: nobody is harmed and nobody named.
  const provoke = async (lab: Parameters<typeof row.provoke>[0]): Promise<undefined> => {
    await lab.orders(3)
    return undefined
  }
  const { problems } = await proveDefect({ ...row, defect: 'retry-early', provoke }, 'local', 2_000)
  expect(problems.join()).toContain('nobody was harmed')
})
