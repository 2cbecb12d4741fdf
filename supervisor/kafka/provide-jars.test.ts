import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { fileOf, type Jar, kafkaVersionOf, readJarLock, repositoryPathOf } from './jar-lock.ts'
import { type JarSource, jarSources, repositoryAt } from './jar-sources.ts'
import { provideJars } from './provide-jars.ts'

const contentOf = (artifact: string): string => `the content of ${artifact} `.repeat(2_000)
const jarOf = (artifact: string): Jar => ({
  group: 'org.example.lab',
  artifact,
  version: '1.2',
  sha256: createHash('sha256').update(contentOf(artifact)).digest('hex'),
})
const jars = ['one', 'two', 'three', 'four', 'five', 'six'].map(jarOf)
const provide = (folder: string, sources: JarSource[], signal = new AbortController().signal) =>
  provideJars({ jars, folder, sources, progress: () => undefined, signal })

const servers: ReturnType<typeof createServer>[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A Maven repository over HTTP with everything in it; `listener` answers first where it wants to. */
async function repository(listener: (file: string, ...rest: Parameters<RequestListener>) => boolean = () => false) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url?.replace('/maven/', '') ?? ''
    asked.push(path)
    if (listener(path.split('/').at(-1) ?? '', request, response)) return
    const jar = jars.find((entry) => repositoryPathOf(entry) === path)
    if (jar === undefined) response.writeHead(404).end()
    else response.end(contentOf(jar.artifact))
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven/`
  return { asked, address, source: repositoryAt(address) }
}
const names = async (folder: string): Promise<string[]> => (await readdir(folder)).sort()

it('brings what is missing, and asks nobody for what is there', async () => {
  const folder = join(await temporaryFolder('jars'), 'deep', 'cache')
  const { asked, source } = await repository()
  expect(await provide(folder, [source])).toBe(6)
  expect(await names(folder)).toEqual(jars.map(fileOf).sort())
  expect(await provide(folder, [source])).toBe(0)
  expect(asked).toHaveLength(6)
})

it('brings a file again whose content is not that of the list', async () => {
  const folder = await temporaryFolder('jars')
  const { source } = await repository()
  await provide(folder, [source])
  await writeFile(join(folder, 'two-1.2.jar'), 'half')
  expect(await provide(folder, [source])).toBe(1)
  expect(await readFile(join(folder, 'two-1.2.jar'), 'utf8')).toBe(contentOf('two'))
})

it('refuses a file with another checksum by name, keeps the others, and takes it from the next source', async () => {
  const folder = await temporaryFolder('jars')
  const forged = await repository((file, _request, response) => {
    if (file !== 'three-1.2.jar') return false
    response.end('something else')
    return true
  })
  await expect(provide(folder, [forged.source])).rejects.toThrow(
    /1 of Kafka's 6 files are missing \(.* has a three-1\.2\.jar whose SHA-256 is not that of kafka\/jars\.lock\): install Maven/,
  )
  expect(await names(folder)).toHaveLength(5)
  const honest = await repository()
  expect(await provide(folder, [forged.source, honest.source])).toBe(1)
  expect(honest.asked).toEqual([repositoryPathOf(jarOf('three'))])
})

it('survives a connection that breaks in the middle of a file, and leaves no half of it where it stays broken', async () => {
  const folder = await temporaryFolder('jars')
  let breaks = 1
  const { source } = await repository((file, _request, response) => {
    if (file !== 'four-1.2.jar' || breaks === 0) return false
    breaks -= 1
    response.writeHead(200, { 'content-length': '60000' })
    response.write('the first half', () => response.destroy())
    return true
  })
  expect(await provide(folder, [source])).toBe(6)

  const other = await temporaryFolder('jars')
  breaks = Number.POSITIVE_INFINITY
  await expect(provide(other, [source])).rejects.toThrow(/four-1\.2\.jar could not be downloaded/)
  expect(await names(other)).not.toContain('four-1.2.jar')
  expect((await names(other)).filter((name) => !name.endsWith('.jar'))).toEqual([])
})

it('says what to do where no source has anything, and stops at once when it is told to', async () => {
  const folder = await temporaryFolder('jars')
  await expect(provide(folder, [])).rejects.toThrow(
    /6 of Kafka's 6 files are missing: install Maven .*MAVEN_REPOSITORY_URL.*KAFKA_BROKERS/,
  )
  const stop = new AbortController()
  const { source } = await repository(() => {
    stop.abort(new Error('stopped'))
    return true
  })
  await expect(provide(folder, [source], stop.signal)).rejects.toThrow('stopped')
  expect(await names(folder)).toEqual([])
})

it('leaves two that bring at the same time alone, and clears what a killed one left long ago', async () => {
  const folder = await temporaryFolder('jars')
  for (const name of ['bringing-old', 'bringing-new']) await mkdir(join(folder, name))
  await utimes(join(folder, 'bringing-old'), 1_000_000, 1_000_000)
  const { source } = await repository()
  await Promise.all([provide(folder, [source]), provide(folder, [source])])
  expect(await names(folder)).toEqual([...jars.map(fileOf), 'bringing-new'].sort())
})

it('takes from the local Maven repository first', async () => {
  const home = await temporaryFolder('home')
  for (const jar of jars) {
    const path = join(home, '.m2', 'repository', repositoryPathOf(jar))
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, contentOf(jar.artifact))
  }
  const folder = await temporaryFolder('jars')
  expect(await provide(folder, jarSources({ HOME: home, PATH: '' }))).toBe(6)
})

it("takes from the mirror of Maven's settings where there is no Maven, and says so where Maven itself gets nothing", async () => {
  const home = await temporaryFolder('home')
  const { asked, address } = await repository()
  await mkdir(join(home, '.m2'))
  const settingsWith = (of: string) =>
    writeFile(
      join(home, '.m2', 'settings.xml'),
      `<settings><mirrors><!-- <mirror><mirrorOf>*</mirrorOf><url>http://127.0.0.1:1</url></mirror> -->
       <mirror><mirrorOf>theirs</mirrorOf><url>http://127.0.0.1:1</url></mirror>
       <mirror><id>ours</id><mirrorOf>${of}</mirrorOf><url> ${address} </url></mirror></mirrors></settings>`,
    )
  for (const of of ['*', 'central', 'internal,external:*']) {
    await settingsWith(of)
    const folder = await temporaryFolder('jars')
    expect(await provide(folder, jarSources({ HOME: home, PATH: '' }))).toBe(6)
  }
  expect(asked).toHaveLength(18)
  await settingsWith('others')
  expect(jarSources({ HOME: home, PATH: '' }).map(({ name }) => name)).toEqual(['the local Maven repository'])

  await mkdir(join(home, 'bin'))
  await writeFile(join(home, 'bin', 'mvn'), '#!/bin/sh\necho "[ERROR] Central cannot be reached"\nexit 1\n', {
    mode: 0o755,
  })
  await expect(
    provide(await temporaryFolder('jars'), jarSources({ HOME: home, PATH: '', MAVEN_HOME: home })),
  ).rejects.toThrow(/\(Maven: Central cannot be reached\): let Maven reach Maven Central/)
})

it('reads the list of this repository', async () => {
  const lock = readJarLock(await readFile('kafka/jars.lock', 'utf8'))
  expect(kafkaVersionOf(lock)).toMatch(/^4\./)
  expect(new Set(lock.map(fileOf)).size).toBe(lock.length)
  expect(() => readJarLock('# a comment\n\nabc  a:b:1')).toThrow('kafka/jars.lock, line 3')
})
