import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ownKafkaMissing } from '../test/kafka.ts'
import { findJava } from './kafka/java.ts'
import { freePort } from './process/ports.ts'
import { startedLabs } from './start.fixture.ts'

/** A machine without any program; the database, which would need some, is elsewhere. */
const bare = { PATH: '/nowhere', DATABASE_URL: 'postgresql://lab@127.0.0.1:1/lab' }
const noKafka = await ownKafkaMissing('npm start without a source for the files of Kafka')

/** Starts on a machine that lacks something. */
describe('npm start', () => {
  const labs = startedLabs()
  const { start, says, nothingRuns, lockIsGone } = labs

  it.each<[string, string, () => Promise<Record<string, string>>, RegExp]>([
    [
      'kafka',
      'no Java',
      async () => ({}),
      /✗ Java 17 or newer is not on this machine: install one .*docker compose up/,
    ],
    [
      'kafka',
      'an old Java',
      async () => {
        mkdirSync(join(labs.folder, 'bin'))
        const says = `#!/bin/sh\necho 'openjdk version "11.0.22"' >&2\n`
        writeFileSync(join(labs.folder, 'bin', 'java'), says, { mode: 0o755 })
        return { JAVA_HOME: labs.folder }
      },
      /✗ Kafka needs Java 17 or newer and .*java is 11\.0\.22: install one/,
    ],
    ['redis', 'no redis-server', async () => ({}), /✗ redis-server is not on this machine: install it .*REDIS_URL/],
  ])(
    'on %s with %s says what to install in one line, and leaves nothing',
    async (broker, _what, prepare, says) => {
      const lab = start({ ...bare, BROKER: broker, JAVA_HOME: '', ...(await prepare()) })
      expect((await lab.ended)[0]).toBe(1)
      expect(lab.output()).toMatch(says)
      expect(
        lab
          .output()
          .split('\n')
          .filter((line) => /✗|Error/.test(line)),
      ).toHaveLength(1)
      await nothingRuns()
      lockIsGone()
    },
    300_000,
  )

  it.skipIf(noKafka)(
    'on kafka without a place to take its files from says which it asked, and leaves nothing',
    async () => {
      const java = await findJava(process.env)
      const nowhere = `http://127.0.0.1:${await freePort()}/maven2`
      const lab = start({
        ...{ ...bare, BROKER: 'kafka', JAVA_HOME: dirname(dirname(java.path)), MAVEN_HOME: '', M2_HOME: '' },
        ...{ HOME: labs.folder, FAULTLINE_CACHE_DIR: join(labs.folder, 'cache'), MAVEN_REPOSITORY_URL: nowhere },
      })
      expect((await lab.ended)[0]).toBe(1)
      expect(lab.output()).toMatch(/✗ (\d+) of Kafka's \1 files are missing \(MAVEN_REPOSITORY_URL: /)
      expect(lab.output()).toMatch(
        /127\.0\.0\.1:\d+\/maven2\/.*\.jar could not be downloaded: connect ECONNREFUSED.*install Maven/,
      )
      await nothingRuns()
      lockIsGone()
    },
    300_000,
  )

  it.skipIf(noKafka)(
    'takes back or refuses a switch to what this machine cannot run, says why, and goes on',
    async () => {
      const java = await findJava(process.env)
      const lab = start({
        ...{ PATH: pathWithout(/^(java|mvn|redis-server)$/), JAVA_HOME: dirname(dirname(java.path)) },
        ...{ HOME: labs.folder, MAVEN_HOME: '', M2_HOME: '', FAULTLINE_CACHE_DIR: join(labs.folder, 'cache') },
        MAVEN_REPOSITORY_URL: `http://127.0.0.1:${await freePort()}/maven2`,
      })
      await says(lab, 'The lab is ready')
      const call = async (method: string, path: string, body?: unknown) => {
        const headers = { 'content-type': 'application/json' }
        const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) }
        const answer = await fetch(`http://127.0.0.1:${labs.port}${path}`, { method, ...sent })
        return { status: answer.status, body: await answer.json() }
      }
      const refused = await call('PUT', '/api/lab/broker', { broker: 'redis' })
      expect(refused).toMatchObject({ status: 409, body: { code: 'broker_not_ready' } })
      expect(refused.body.detail).toContain('redis-server is not on this machine: install it')

      expect((await call('PUT', '/api/lab/broker', { broker: 'kafka' })).status).toBe(202)
      const ended = () => call('GET', '/api/lab/broker').then(({ body }) => body)
      await vi.waitFor(async () => expect(await ended()).toMatchObject({ state: 'ready' }), { timeout: 60_000 })
      const { broker, switch: last } = await ended()
      expect([broker, last.outcome]).toEqual(['local', 'rolled_back'])
      expect(last.reason).toMatch(/Kafka's \d+ files are missing \(MAVEN_REPOSITORY_URL: .*ECONNREFUSED.*install Maven/)
      const event = { type: 'user_signup', data: { email: 'after@example.com' } }
      expect((await call('POST', '/event', event)).status).toBe(202)
      lab.lab.kill('SIGTERM')
      expect((await lab.ended)[0]).toBe(0)
    },
    300_000,
  )

  /** A PATH with all that this one has but the programs of these names. */
  function pathWithout(names: RegExp): string {
    const bin = join(labs.folder, 'programs')
    mkdirSync(bin)
    const taken = new Set<string>()
    for (const from of (process.env.PATH ?? '').split(delimiter)) {
      for (const name of existsSync(from) ? readdirSync(from) : []) {
        if (names.test(name) || taken.has(name)) continue
        taken.add(name)
        symlinkSync(join(from, name), join(bin, name))
      }
    }
    return bin
  }
})
