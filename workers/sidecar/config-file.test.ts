import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openConfigFile } from './config-file.ts'

let folder: string
let problems: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-config-'))
  problems = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () => openConfigFile(folder, 'consumer-db', (problem) => problems.push(problem))
const config = (revision: number) => ({ revision, eventTypes: [], subscriptions: [] })

test('the newest revision wins and outlives the process', () => {
  const file = open()
  expect(file.current()).toBeUndefined()
  expect([file.take(config(3)), file.take(config(2)), file.take(config(3))]).toEqual([true, false, false])
  expect(open().current()).toEqual(config(3))
  expect(problems).toEqual([])
})

test('a file that cannot be read is told of and written anew', () => {
  open().take(config(1))
  writeFileSync(join(folder, 'state', 'consumer-db.config.json'), '{"revision":')
  const file = open()
  expect(file.current()).toBeUndefined()
  expect(problems).toHaveLength(1)
  file.take(config(2))
  expect(open().current()).toEqual(config(2))
})
