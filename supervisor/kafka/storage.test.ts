import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ensureStorage } from './storage.ts'

const template = 'kafka/config/server.properties'
const classes = { java: { path: '/bin/false', version: '17' }, classPath: [], logging: '' }
const { signal } = new AbortController()

it('writes the settings of the repository, then its own, then those of the caller: the last one wins', async () => {
  const folder = await temporaryFolder('storage')
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data', 'meta.properties'), '')
  const options = { template, folder, port: 1001, controllerPort: 1002, settings: ['num.io.threads=1'] }
  const text = await readFile(await ensureStorage(options, classes, [], signal), 'utf8')
  const settings = Object.fromEntries(
    text.split('\n').flatMap((line) => (/^[a-z]/.test(line) ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
  )
  expect(settings).toMatchObject({
    listeners: 'PLAINTEXT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002',
    'controller.quorum.voters': '1@127.0.0.1:1002',
    'log.dirs': join(folder, 'data'),
    'num.io.threads': '1',
    'auto.create.topics.enable': 'false',
  })
})

it('never formats over a folder that is not whole, and leaves nothing that looks formatted where formatting fails', async () => {
  const folder = await temporaryFolder('storage')
  const options = { template, folder, port: 1, controllerPort: 2 }
  await expect(ensureStorage(options, classes, [], signal)).rejects.toThrow('Kafka could not make its data folder')
  await mkdir(join(folder, 'data'))
  await expect(ensureStorage(options, classes, [], signal)).rejects.toThrow(/no meta\.properties.*move it away/)
})
