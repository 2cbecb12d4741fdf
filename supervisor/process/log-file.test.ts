import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LogFile } from './log-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('keeps two files of bounded size', async () => {
  const log = new LogFile(folder, 'web', 1_000)
  for (let line = 0; line < 200; line += 1) {
    log.write(`${'x'.repeat(49)}\n`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  log.close()
  await vi.waitFor(() => expect(existsSync(`${log.path}.1`)).toBe(true), { timeout: 20_000 })
  expect(statSync(`${log.path}.1`).size).toBeLessThan(5_000)
})

it('appends to what an earlier start wrote', async () => {
  const first = new LogFile(folder, 'web')
  first.write('one\n')
  first.close()
  await vi.waitFor(() => expect(readFileSync(first.path, 'utf8')).toBe('one\n'), { timeout: 20_000 })
  const second = new LogFile(folder, 'web')
  second.write('two\n')
  second.close()
  await vi.waitFor(() => expect(readFileSync(first.path, 'utf8')).toBe('one\ntwo\n'), { timeout: 20_000 })
})
