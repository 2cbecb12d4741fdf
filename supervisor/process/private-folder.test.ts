import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { assertRemovable, closeDataFolder } from './private-folder.ts'

let root: string
let folder: string
let umask: number
beforeEach(() => {
  umask = process.umask(0o022)
  root = mkdtempSync(join(tmpdir(), 'faultline-private-'))
  folder = join(root, 'data')
})
afterEach(() => {
  process.umask(umask)
  rmSync(root, { recursive: true, force: true })
})
const modeOf = (...path: string[]) => (statSync(join(folder, ...path)).mode & 0o7777).toString(8)

it('makes a new folder, and what is made in it later, for its owner alone', () => {
  closeDataFolder(folder)
  mkdirSync(join(folder, 'logs'))
  writeFileSync(join(folder, 'logs', 'web.log'), '')
  expect([modeOf(), modeOf('logs'), modeOf('logs', 'web.log')]).toEqual(['700', '700', '600'])
})

it('closes what an earlier version left open, and follows no link out of the folder', () => {
  const outside = join(root, 'outside')
  writeFileSync(outside, '', { mode: 0o644 })
  mkdirSync(join(folder, 'state', 'deep'), { recursive: true })
  mkdirSync(join(folder, 'postgres'))
  writeFileSync(join(folder, 'state', 'deep', 'lab.json'), '')
  writeFileSync(join(folder, 'run.json'), '')
  symlinkSync(outside, join(folder, 'state', 'link'))
  chmodSync(folder, 0o755)
  closeDataFolder(folder)
  expect([modeOf(), modeOf('state'), modeOf('state', 'deep'), modeOf('postgres')]).toEqual(Array(4).fill('700'))
  expect([modeOf('state', 'deep', 'lab.json'), modeOf('run.json')]).toEqual(['600', '600'])
  expect(statSync(outside).mode & 0o777).toBe(0o644)
})

it('does not close a folder that is not a lab’s alone, but what is the lab’s in it', () => {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  writeFileSync(join(folder, 'letter.txt'), '')
  closeDataFolder(folder)
  expect([modeOf(), modeOf('logs'), modeOf('letter.txt')]).toEqual(['755', '700', '644'])
})

it('calls a folder removable that is absent or empty, and no other', () => {
  assertRemovable(folder)
  mkdirSync(folder)
  assertRemovable(folder)
  writeFileSync(join(folder, 'letter.txt'), '')
  expect(() => assertRemovable(folder)).toThrow(`would remove ${folder}, which is not empty`)
})

it('closes the folder of a lab that has runs and a history', () => {
  for (const name of ['runs', 'history', 'state']) mkdirSync(join(folder, name), { recursive: true })
  chmodSync(folder, 0o755)
  closeDataFolder(folder)
  expect([modeOf(), modeOf('runs'), modeOf('history')]).toEqual(Array(3).fill('700'))
})
