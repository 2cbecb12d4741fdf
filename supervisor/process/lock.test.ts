import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeLock } from './lock.ts'
import { identityOf, isRunning } from './process-identity.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('refuses a second lab on the same folder, naming the first, until it is released', () => {
  const lock = takeLock(folder, 3000)
  expect(() => takeLock(folder, 3001)).toThrow(new RegExp(`pid ${process.pid}, http://localhost:3000`))
  lock.release()
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  takeLock(folder, 3001).release()
})

it('replaces the lock of a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const identity = identityOf(child.pid ?? 0)
  expect(identity !== undefined && isRunning(identity)).toBe(true)
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...identity, port: 3000 }))
  expect(() => takeLock(folder, 3000)).toThrow('already runs')
  child.kill('SIGKILL')
  await once(child, 'exit')
  takeLock(folder, 3000).release()
})

it('replaces the lock of a process whose number another has now, and one that is no lock', () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, began: 'long ago', port: 3000 }))
  takeLock(folder, 3000).release()
  writeFileSync(join(folder, 'lock'), '{"pid"')
  takeLock(folder, 3000).release()
})

it('does not release a lock that another process has taken over', () => {
  const lock = takeLock(folder, 3000)
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, began: 'x', port: 3000 }))
  lock.release()
  expect(existsSync(join(folder, 'lock'))).toBe(true)
})
