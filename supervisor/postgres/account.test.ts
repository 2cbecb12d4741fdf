import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { blockedFolder } from './account.ts'

it('finds the folder that another account may not pass through', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-account-'))
  const stranger = { uid: 4_000_000, gid: 4_000_000 }
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
  expect(blockedFolder(join(folder, 'a', 'b', 'data'), stranger)).toBe(folder)
  chmodSync(folder, 0o755)
  expect(blockedFolder(join(folder, 'a', 'b', 'data'), stranger)).toBeUndefined()
  rmSync(folder, { recursive: true, force: true })
})
