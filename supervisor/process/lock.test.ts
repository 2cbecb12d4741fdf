import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeLock } from './lock.ts'
import { identityOf, isRunning } from './process-identity.ts'

const lab = { kind: 'lab', url: 'http://localhost:3000' } as const
const otherLab = { kind: 'lab', url: 'http://localhost:3001' } as const
const simulator = { kind: 'simulator', url: 'http://127.0.0.1:4566' } as const

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('refuses a second lab on the same folder, naming the first, until it is released', () => {
  const lock = takeLock(folder, lab)
  expect(() => takeLock(folder, otherLab)).toThrow(
    new RegExp(`A lab .*pid ${process.pid}, http://localhost:3000.*and PORT`),
  )
  expect(() => takeLock(folder, simulator)).toThrow(/A lab .*http:\/\/localhost:3000.*and SNS_SQS_PORT/)
  lock.release()
  expect(existsSync(join(folder, 'lock'))).toBe(false)
  takeLock(folder, otherLab).release()
})

it('calls the simulator alone what it is, with its own address', () => {
  const lock = takeLock(folder, simulator)
  expect(() => takeLock(folder, lab)).toThrow(
    new RegExp(`The simulator alone .*pid ${process.pid}, http://127\\.0\\.0\\.1:4566`),
  )
  expect(() => takeLock(folder, simulator)).toThrow(/The simulator alone/)
  lock.release()
})

it('claims no kind and no address for a lock of an earlier version', () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...identityOf(process.pid), port: 3000 }))
  expect(() => takeLock(folder, lab)).toThrow(`A lab or a simulator already runs on ${folder} (pid ${process.pid})`)
})

it('replaces the lock of a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const identity = identityOf(child.pid ?? 0)
  expect(identity !== undefined && isRunning(identity)).toBe(true)
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...identity, port: 3000 }))
  expect(() => takeLock(folder, lab)).toThrow('already runs')
  child.kill('SIGKILL')
  await once(child, 'exit')
  takeLock(folder, lab).release()
})

it('replaces the lock of a process whose number another has now, and one that is not a lock', () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, began: 'long ago', port: 3000 }))
  takeLock(folder, lab).release()
  writeFileSync(join(folder, 'lock'), '{"pid"')
  takeLock(folder, lab).release()
})

it('does not release a lock that another process has taken over', () => {
  const lock = takeLock(folder, lab)
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, began: 'x', port: 3000 }))
  lock.release()
  expect(existsSync(join(folder, 'lock'))).toBe(true)
})
