import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { readInput } from './read-input.ts'

test('a file is read as it is; one that is too large, endless, no text or not there is refused with its name', async () => {
  const folder = await temporaryFolder('input')
  const file = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), content)
    return join(folder, name)
  }
  const reason = async (path: string): Promise<string> =>
    readInput(path, { named: 'it', most: 8 }).then(String, (error: Error) => error.message)

  expect(await readInput(await file('text', 'a: €'), { most: 8 })).toBe('a: €')
  expect(await readInput(await file('empty', ''))).toBe('')
  expect(await reason(await file('long', '123456789'))).toBe('it cannot be read: it has more than 8 bytes')
  expect(await reason('/dev/zero')).toBe('it cannot be read: it has more than 8 bytes')
  expect(await reason(await file('binary', Buffer.from([0x61, 0xff])))).toBe('it cannot be read: it is not UTF-8')
  expect(await reason(folder)).toBe('it cannot be read: it is a folder')
  expect(await reason(join(folder, 'none'))).toBe('it cannot be read: there is no such file')
})
