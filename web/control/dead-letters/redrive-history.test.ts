import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Redriven } from '#contracts/api/dead-letter.ts'
import { openRedriveHistory } from './redrive-history.ts'

let folder: string
const path = () => join(folder, 'history.jsonl')
const log = pino({ level: 'silent' })
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redrive-history-'))
})
afterEach(() => rm(folder, { recursive: true }))

const entry = (seq: number, more: Partial<Redriven> = {}): Redriven => ({
  ...{ messageId: `producer-1:1:order_placed:${seq}`, group: 'consumer-db', redriveId: 'redrive-1' },
  at: '2026-01-01T00:00:00.000Z',
  ...more,
})

it('knows each redrive of a message after a restart, also where the last line is torn', async () => {
  const first = await openRedriveHistory(path(), log)
  first.add([entry(1), entry(2)])
  first.add([entry(1, { body: '{"name":"Ada"}' })])
  await first.flush()
  await appendFile(path(), '{"messageId":"produ')
  const again = await openRedriveHistory(path(), log)
  expect(again.of(entry(1).messageId)).toEqual([entry(1), entry(1, { body: '{"name":"Ada"}' })])
  expect(again.of(entry(3).messageId)).toEqual([])
})

it('forgets the oldest beyond its bounds, in memory and on disk', async () => {
  const history = await openRedriveHistory(path(), log, { entries: 3, edited: 10 })
  for (let seq = 1; seq <= 9; seq += 1) history.add([entry(seq)])
  await history.flush()
  expect(history.of(entry(6).messageId)).toEqual([])
  expect(history.of(entry(7).messageId)).toHaveLength(1)
  expect((await readFile(path(), 'utf8')).trim().split('\n').length).toBeLessThanOrEqual(6)
  history.add([entry(10, { body: '12345678' }), entry(11, { body: '12345678' })])
  expect(history.of(entry(10).messageId)).toEqual([])
  expect(history.of(entry(11).messageId)).toHaveLength(1)
  await history.flush()
})
