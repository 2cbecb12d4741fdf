import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { declared, openLabText } from './lab-text.ts'
import { watchLabFile } from './watch-lab-file.ts'

const yaml =
  'apiVersion: faultline/v1\nkind: Lab\nmetadata: { name: watched }\nservices: { shop: { sends: [order_placed] } }\n'
const within = { timeout: 30_000 }

test('a lab file that is changed, removed and put back under a running lab is reported once each', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watch-lab-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'faultline.yaml')
  await writeFile(file, yaml)
  const { text } = await openLabText({ file, path: join(folder, 'applied.json'), start: 'one' }, async (path) =>
    declared(await readFile(path, 'utf8'), path, async () => []),
  )
  const entries: string[] = []
  let looks = 0
  const watch = watchLabFile(
    {
      file,
      async saved() {
        const found = await text.saved()
        looks += 1
        return found
      },
    },
    ({ level, message }) => entries.push(`${level} ${message}`),
    5,
  )
  onTestFinished(watch.stop)
  const lookedTwice = async () => {
    const before = looks
    await vi.waitUntil(() => looks >= before + 2, within)
  }
  await lookedTwice()
  expect(entries).toEqual([])
  await writeFile(file, `${yaml}# by somebody else\n`)
  await vi.waitUntil(() => entries.length === 1, within)
  await lookedTwice()
  await rm(file)
  await vi.waitUntil(() => entries.length === 2, within)
  await writeFile(`${file}.next`, yaml)
  await rename(`${file}.next`, file)
  await vi.waitUntil(() => entries.length === 3, within)
  await lookedTwice()
  expect(entries).toEqual([
    `warn ${file} was changed; the lab runs on as it is: apply the new text on the screen, or start the lab again`,
    `warn ${file} cannot be read any more; the lab runs on as it is`,
    `info ${file} is again as the lab knows it`,
  ])
})
