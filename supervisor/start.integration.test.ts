import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ownKafkaMissing } from '../test/kafka.ts'
import { redisMissing } from '../test/redis.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { findJava } from './kafka/java.ts'
import { freePort, probePort } from './process/ports.ts'
import { startedLabs } from './start.fixture.ts'

/** A lab on Redis has one engine more, which is not a process of ours: it must end like the others. */
const missing = await redisMissing('npm start on Redis')
const onRedis: Record<string, string> = missing === undefined ? { BROKER: 'redis' } : {}

/** A machine without any program; the database, which would need some, is elsewhere. */
const bare = { PATH: '/nowhere', DATABASE_URL: 'postgresql://lab@127.0.0.1:1/lab' }
const noKafka = await ownKafkaMissing('npm start without a source for the files of Kafka')

/** Real starts of the whole lab, each on a data folder and a port of its own. */
describe('npm start', () => {
  const labs = startedLabs()
  const { start, says, state, pidOf, running, nothingRuns, lockIsGone } = labs

  it('brings an event to both effects; Ctrl-C leaves no process, port or lock', async () => {
    const first = start()
    await says(first, 'The lab is ready')
    const answer = await fetch(`http://127.0.0.1:${labs.port}/event`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'user_signup', data: { email: 'test@example.com' } }),
    })
    expect(answer.status).toBe(202)
    await says(first, 'wrote users/test@example.com')
    await says(first, 'to test@example.com')
    first.lab.kill('SIGINT')
    expect((await first.ended)[0]).toBe(0)
    await nothingRuns()
    lockIsGone()
    expect(await probePort(labs.port, '127.0.0.1')).toBe(labs.port)
    for (const inner of Object.values(state().ports)) expect(await probePort(inner, '127.0.0.1')).toBe(inner)
  }, 300_000)

  it('starts a killed simulator and a killed PostgreSQL again on the same port; SIGHUP stops in order', async () => {
    const lab = start()
    await says(lab, 'The lab is ready')
    for (const name of ['sns-sqs', 'postgres']) {
      const { ports } = state()
      process.kill(pidOf(name), 'SIGKILL')
      await says(lab, `${name} is back`)
      expect(state().ports).toEqual(ports)
      expect(await probePort(ports[name] ?? 0, '127.0.0.1')).toBeUndefined()
    }
    lab.lab.kill('SIGHUP')
    expect((await lab.ended)[0]).toBe(0)
    await nothingRuns()
    lockIsGone()
  }, 300_000)

  it('clears what a SIGKILL left paused, refuses a second lab on the folder, and ends at once on a second Ctrl-C', async () => {
    const first = start(onRedis)
    await says(first, 'The lab is ready')
    const paused = Object.values(state().children).map(({ pid }) => pid)
    for (const pid of paused) process.kill(-pid, 'SIGSTOP')
    first.lab.kill('SIGKILL')
    await first.ended
    expect(running().length).toBeGreaterThanOrEqual(paused.length)

    const second = start(onRedis)
    await says(second, 'cleared leftovers')
    await says(second, 'The lab is ready')
    const refused = start({ PORT: String(labs.port + 1) })
    expect((await refused.ended)[0]).toBe(1)
    expect(refused.output()).toContain(`pid ${second.lab.pid}`)

    second.lab.kill('SIGINT')
    await says(second, 'a second Ctrl-C')
    // One that comes within 250 ms is npm's copy of the first one, so that the second is repeated until the lab has ended.
    await vi.waitFor(
      () => {
        second.lab.kill('SIGINT')
        expect(second.lab.exitCode).not.toBeNull()
      },
      { timeout: 120_000, interval: 50 },
    )
    expect([0, 130]).toContain((await second.ended)[0])
    await nothingRuns()
    lockIsGone()
  }, 300_000)

  it('names a program that does not run before it says that the lab does, and says its address earlier', async () => {
    const file = join(await temporaryFolder('programs'), 'faultline.yaml')
    const good = `require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT, '127.0.0.1')`
    const lab = {
      ...{ apiVersion: 'faultline/v1', kind: 'Lab', metadata: { name: 'programs' } },
      services: {
        shop: { sends: ['order_placed'] },
        payment: { receives: ['order_placed'], run: { command: ['node', '-e', good] } },
        fraud: { receives: ['order_placed'], run: { command: ['node', '-e', 'process.exit(3)'] } },
      },
    }
    writeFileSync(file, JSON.stringify(lab))
    const { lab: process_, output, ended } = start({ FAULTLINE_LAB: file })
    await says({ lab: process_, output, ended }, 'The lab runs; what is named above is not ready')
    const lines = output().split('\n')
    const at = (words: RegExp) => lines.findIndex((line) => words.test(line))
    const address = at(/http:\/\/localhost:\d+ answers; waits for the programs of payment, fraud/)
    const named = at(/fraud-1 .* starts failed: .*exit code 3/)
    expect(address).toBeGreaterThan(-1)
    expect(named).toBeGreaterThan(address)
    expect(at(/The lab runs/)).toBeGreaterThan(named)
    expect(output()).not.toMatch(/! payment|The lab is ready/)
    process_.kill('SIGINT')
    expect((await ended)[0]).toBe(0)
  }, 300_000)

  it('stops in order when the npm that started it is killed', async () => {
    const npm = start({ npm_lifecycle_event: 'start' }, [
      '/bin/sh',
      '-c',
      `'${process.execPath}' scripts/start.mjs & wait`,
    ])
    await says(npm, 'The lab is ready')
    npm.lab.kill('SIGKILL')
    // Nobody is left whose end could be waited for: the lock goes last.
    await vi.waitFor(lockIsGone, { timeout: 120_000, interval: 100 })
    await nothingRuns()
    expect(npm.output()).toContain('Stopping, since the npm that started this lab has ended')
  }, 300_000)

  it('ends by its parent watchdogs when the supervisor alone is killed', async () => {
    const lab = start(onRedis)
    await says(lab, 'The lab is ready')
    lab.lab.kill('SIGKILL')
    await lab.ended
    await nothingRuns()
  }, 300_000)

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
      await vi.waitFor(async () => expect(await ended()).toMatchObject({ state: 'ready' }), { timeout: 180_000 })
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

  it('says who has the port, and starts nothing', async () => {
    const taken = createServer().listen(labs.port, '127.0.0.1')
    await once(taken, 'listening')
    const lab = start()
    expect((await lab.ended)[0]).toBe(1)
    expect(lab.output()).toContain(`Port ${labs.port} is in use by pid ${process.pid}`)
    await nothingRuns()
    lockIsGone()
    taken.close()
  }, 300_000)
})
