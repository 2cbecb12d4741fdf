import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SidecarConfig } from '#contracts/protocols/agent.ts'
import { openConfigFile } from './config-file.ts'

let folder: string
let problems: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-config-'))
  problems = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const origin = { start: 'a', given: 'local' } as const
const open = () =>
  openConfigFile({
    dataDir: folder,
    service: 'consumer-db',
    origin,
    onProblem: (problem) => problems.push(problem),
  })
const config = (revision: number, wanted: Partial<SidecarConfig> = {}): SidecarConfig => ({
  worker: { revision, eventTypes: [], subscriptions: [] },
  broker: 'local',
  replicas: { 'consumer-db': 2 },
  ...wanted,
})

test('the newest revision wins and outlives the process', () => {
  const file = open()
  expect(file.current()).toBeUndefined()
  expect([file.take(config(3)), file.take(config(2)), file.take(config(3))]).toEqual([true, false, false])
  expect(open().current()).toEqual({ ...config(3), ...origin })
  expect(problems).toEqual([])
})

test('a file that cannot be read is reported and written again', () => {
  open().take(config(1))
  writeFileSync(join(folder, 'state', 'consumer-db.config.json'), '{"revision":')
  const file = open()
  expect(file.current()).toBeUndefined()
  expect(problems).toHaveLength(1)
  file.take(config(2))
  expect(open().current()).toEqual({ ...config(2), ...origin })
})

test('where the workers run is the last word, whatever the revision', () => {
  const file = open()
  file.take(config(3))
  expect(file.take(config(2, { broker: 'redis', replicas: {} }))).toBe(false)
  expect(file.current()).toEqual({ ...config(3), broker: 'redis', replicas: {} })
  expect(open().kept).toMatchObject({ broker: 'redis', ...origin })
})
