import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { expect, test } from 'vitest'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { until } from '../../../test/until.ts'
import { scriptedLab } from '../runs/fixtures/scripted-lab.ts'
import type { Act } from './act.ts'
import { openRecordings } from './recordings.ts'

const log = pino({ level: 'silent' })

async function open(folder?: string, now?: () => number) {
  const state = folder ?? (await temporaryFolder('record'))
  const { lab } = scriptedLab()
  const options = { folder: state, report: lab.report, broker: lab.broker, log, ...(now ? { now } : {}) }
  return { folder: state, recordings: await openRecordings(options) }
}
const publish = (at: number, body = '{"a":1}'): Act => ({ kind: 'publish', at, type: 'user_signup', body })

test('what is reported between start and stop becomes a scenario; before and after nothing is kept', async () => {
  const { recordings } = await open()
  recordings.tell(publish(Date.now()))
  const { id, startedAt, endsBy } = recordings.start({ name: 'mine' })
  expect(Date.parse(endsBy ?? '') - Date.parse(startedAt)).toBe(1_800_000)
  recordings.tell(publish(Date.parse(startedAt) + 5))
  recordings.tell({ kind: 'scale', at: Date.parse(startedAt) + 6, service: 'consumer-db', replicas: 3 })
  expect(recordings.list()).toMatchObject([{ id, state: 'recording', published: 1, changes: 1 }])
  const ended = recordings.stop(id)
  expect(ended).toMatchObject({ state: 'ended', name: 'mine', remarks: [] })
  recordings.tell(publish(Date.now()))
  expect(recordings.stop(id)).toEqual(ended)
  const { scenario } = readScenario(ended.scenario ?? '')
  expect(scenario?.file.metadata.name).toBe('mine')
  expect(scenario?.file.phases.find(({ type }) => type !== undefined)).toMatchObject({
    type: 'user_signup',
    data: { a: 1 },
  })
  expect(recordings.list()[0]?.scenario).toBeUndefined()
  recordings.remove(id)
  expect(recordings.list()).toEqual([])
  expect(() => recordings.get(id)).toThrow(/there is no recording/)
  await recordings.close()
})

test('one at a time: the second is answered which one and until when', async () => {
  const { recordings } = await open()
  const { id, endsBy } = recordings.start({})
  expect(() => recordings.start({})).toThrow(`recorded (${id}) is recorded until ${endsBy}`)
  await recordings.close()
})

test('it ends by itself after its time, and when it is full, and says so', async () => {
  let late = 0
  const { recordings } = await open(undefined, () => Date.now() + late)
  const first = recordings.start({ forMs: 60_000 }).id
  late = 60_000
  await until('its end', async () => recordings.get(first).state === 'ended')
  const second = recordings.start({}).id
  const what = 'x'.repeat(1_000_000)
  for (let turn = 0; turn < 9; turn += 1) recordings.tell({ kind: 'other', at: Date.now() + late, what })
  expect(recordings.get(second)).toMatchObject({ state: 'ended', reason: 'it was full: no more could be kept' })
  await recordings.close()
})

test('a process that dies leaves a file of what was on disk, which says that it was ended', async () => {
  const { folder, recordings } = await open()
  const { id, startedAt } = recordings.start({})
  recordings.tell(publish(Date.parse(startedAt) + 40, '{"a":"kept"}'))
  await until('the disk', async () =>
    (await readFile(join(folder, 'recording.jsonl'), 'utf8').catch(() => '')).includes('kept'),
  )
  // The next process; the first one is left as a kill would leave it.
  const { recordings: next } = await open(folder)
  expect(next.get(id)).toMatchObject({
    state: 'ended',
    published: 1,
    reason: expect.stringContaining('control plane ended'),
  })
  expect(next.get(id).scenario).toContain('"kept"')
  expect(next.get(id).scenario).toContain('# - the control plane ended while it was recorded')
  await next.close()
  await recordings.close()
})

test('a lab that is stopped in order keeps what was recorded for its next start, and an ended recording leaves nothing', async () => {
  const { folder, recordings } = await open()
  const { id, startedAt } = recordings.start({})
  recordings.tell(publish(Date.parse(startedAt) + 40, '{"a":"last"}'))
  await recordings.close()
  const { recordings: next } = await open(folder)
  expect(next.get(id).scenario).toContain('"last"')
  next.stop(next.start({}).id)
  await next.close()
  expect((await open(folder)).recordings.list()).toEqual([])
})
