import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { scenariosIn } from './shipped-scenarios.ts'

test('files that are no scenario are listed with what is wrong with them, and the others as they are', async () => {
  const folder = await temporaryFolder('scenarios')
  const head = 'apiVersion: faultline/v1\nkind: Scenario\n'
  const good = `${head}metadata: { name: good }\nphases: [{ name: p, duration: 1s }]\n`
  const bad = `${head}metadata: { name: bad }\nphases: [{ name: p, duration: 1 }]\n`
  await writeFile(join(folder, 'b-good.yaml'), good)
  await writeFile(join(folder, 'c-bad.yaml'), bad)
  await mkdir(join(folder, 'a-folder.yaml'))
  await writeFile(join(folder, 'schema.json'), '{}')
  expect(await scenariosIn(folder)).toEqual([
    {
      ...{ name: 'a-folder', tags: [], brokers: [], durationMs: 0, text: '' },
      problem: expect.stringContaining('EISDIR'),
    },
    { name: 'good', tags: [], brokers: ['any'], durationMs: 1_000, text: good },
    {
      ...{ name: 'c-bad', tags: [], brokers: [], durationMs: 0, text: bad },
      problem: expect.stringMatching(/^4:31 \/phases\/0\/duration: is not a duration/),
    },
  ])
  expect(await scenariosIn(join(folder, 'none'))).toEqual([])
})
