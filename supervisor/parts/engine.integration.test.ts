import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineName } from '#contracts/engine-name.ts'
import type { EngineStatus, SupervisorToWeb } from '#contracts/protocols/engine.ts'
import { kafkaMissing } from '../../test/kafka.ts'
import { redisMissing } from '../../test/redis.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { kafkaAnswers } from '../kafka/kafka-answers.ts'
import { assignPorts, probePort } from '../process/ports.ts'
import { groupRuns } from '../process/process-group.ts'
import { RunFile } from '../process/run-file.ts'
import { openTerminal } from '../process/terminal.ts'
import { redisAnswers } from '../redis/redis-server.ts'
import { readSettings } from '../settings/settings.ts'
import { Engine } from './engine.ts'
import { engineChannel } from './engine-channel.ts'
import { enginePlans } from './engine-parts.ts'
import { portNames } from './parts.ts'

let stopAll: (() => Promise<void>)[] = []
let ports: Record<string, number>
let folder: string
beforeEach(async () => {
  folder = await temporaryFolder('engine')
})
afterEach(async () => {
  await Promise.all(stopAll.map((stop) => stop()))
  stopAll = []
})

/** An engine of a lab, as `npm start` makes it, and every state that it has been in. */
async function engineOf(name: EngineName, env: Record<string, string> = {}) {
  const settings = readSettings(folder, { ...process.env, ...env, FAULTLINE_DATA_DIR: folder })
  ports ??= await assignPorts(portNames(settings), {})
  const databaseUrl = 'postgresql://lab:not-asked@127.0.0.1:1/lab'
  const plans = enginePlans({ settings, root: process.cwd(), dist: 'dist', ports, databaseUrl })
  const plan = plans.find((entry) => entry.name === name)
  if (plan === undefined) throw new Error(`no plan for ${name}`)
  const runFile = new RunFile(folder)
  const said: string[] = []
  const terminal = { ...openTerminal(process.stdout), say: say(said), warn: say(said), done: say(said) }
  const around = { root: process.cwd(), terminal, runFile, logFolder: join(folder, 'logs'), stopping: () => false }
  const seen: EngineStatus[] = []
  const engine: Engine = new Engine({ ...plan, around, changed: () => seen.push(engine.status()) })
  stopAll.push(() => engine.kill())
  return { engine, seen, said, runFile, port: plan.part.port ?? 0 }
}
const say = (lines: string[]) => (line: string) => void lines.push(line)
const becomes = (engine: Engine, state: EngineStatus['state']) =>
  vi.waitFor(() => expect(engine.status().state).toBe(state), { timeout: 60_000, interval: 20 })
const states = (seen: EngineStatus[]) => seen.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1])

describe.skipIf(await redisMissing('engines, with Redis'))('an engine', () => {
  beforeEach(async () => {
    ports = await assignPorts(['redis'], {})
  })

  it('starts, says so, stops in order and stays down; a start of one that is up is done at once', async () => {
    const { engine, seen, runFile, port } = await engineOf('redis')
    await Promise.all([engine.start(), engine.start()])
    await redisAnswers(port)
    await engine.start()
    expect(runFile.content.children.redis?.pid).toBe(engine.pid)
    const group = engine.pid ?? 0
    await engine.stop()
    expect(states(seen)).toEqual(['starting', 'up', 'stopped'])
    expect(groupRuns(group)).toBe(false)
    expect(runFile.content.children).toEqual({})
    await engine.start()
    await redisAnswers(port)
  })

  it.each([
    ['its shell alone', (engine: Engine) => process.kill(engine.pid ?? 0, 'SIGKILL')],
    ['all of it', (engine: Engine) => process.kill(-(engine.pid ?? 0), 'SIGKILL')],
  ])('comes back on the same port when %s is killed by somebody', async (_what, kill) => {
    const { engine, seen, port } = await engineOf('redis')
    await engine.start()
    const before = engine.pid ?? 0
    const from = seen.length
    kill(engine)
    await vi.waitFor(() => expect(seen.slice(from)).toContainEqual(expect.objectContaining({ state: 'starting' })), {
      timeout: 60_000,
      interval: 5,
    })
    // A start that is asked for meanwhile is done when it is back.
    await engine.start()
    await redisAnswers(port)
    expect(engine.status()).toMatchObject({ state: 'up', detail: 'restart 1' })
    expect(groupRuns(before)).toBe(false)
  })

  it('stays down when it is killed by request, until it is asked to start', async () => {
    const { engine, port } = await engineOf('redis')
    await engine.start()
    await engine.kill()
    expect(engine.status()).toEqual({ name: 'redis', state: 'stopped', reason: 'it was killed on request' })
    expect(await probePort(port, '127.0.0.1')).toBe(port)
    await engine.start()
    await redisAnswers(port)
  })

  it('is paused and resumed, is not started while paused, and stops while paused', async () => {
    const { engine, port } = await engineOf('redis')
    expect(() => engine.pause()).toThrow('redis is stopped: only one that is up can be paused')
    await engine.start()
    engine.pause()
    await expect(redisAnswers(port)).rejects.toThrow()
    await expect(engine.start()).rejects.toThrow('redis is paused: resume it')
    engine.resume()
    await redisAnswers(port)
    engine.pause()
    await engine.stop()
    expect(engine.status().state).toBe('stopped')
    expect(() => engine.resume()).toThrow('only one that is paused can be resumed')
  })

  it('says who took its port, and starts when it is free again', async () => {
    const { engine, port } = await engineOf('redis')
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const sentence = `Port ${port}, which is redis's in this lab, was taken by pid ${process.pid}`
    await expect(engine.start()).rejects.toThrow(sentence)
    expect(engine.status()).toMatchObject({ state: 'stopped', reason: expect.stringContaining(sentence) })
    other.close()
    await once(other, 'close')
    await engine.start()
  })

  it('is absent with what to do where its program is not on the machine', async () => {
    const { engine } = await engineOf('redis', { PATH: '/nowhere' })
    await expect(engine.start()).rejects.toThrow('redis-server is not on this machine: install it')
    expect(engine.status()).toMatchObject({ state: 'absent', reason: expect.stringContaining('REDIS_URL') })
    const kafka = await engineOf('kafka', { PATH: '/nowhere', JAVA_HOME: '' })
    await kafka.engine.look()
    expect(kafka.engine.status()).toMatchObject({ state: 'absent', reason: expect.stringContaining('KAFKA_BROKERS') })
  })

  it('is asked for over the channel: states after each change, an answer to each request', async () => {
    const { engine, seen } = await engineOf('redis')
    const received: SupervisorToWeb[] = []
    const channel = engineChannel([engine], { start: async () => undefined, stop: async () => undefined })
    channel.opened((message) => received.push(message as SupervisorToWeb))
    channel.message({ kind: 'engines.watch' })
    expect(received).toEqual([{ kind: 'engines', engines: [{ name: 'redis', state: 'stopped' }] }])
    channel.message({ id: 1, kind: 'engine.start', engine: 'redis' })
    channel.message({ id: 2, kind: 'engine.start', engine: 'kafka' })
    channel.message({ id: 3, kind: 'engine.pause', engine: 'redis' })
    const answers = () => received.filter((message) => message.kind === 'engine.answer')
    await vi.waitFor(() => expect(answers()).toHaveLength(3), { timeout: 60_000 })
    expect(answers()).toEqual([
      { kind: 'engine.answer', id: 2, ok: false, error: expect.stringContaining('kafka is not run by this lab') },
      { kind: 'engine.answer', id: 3, ok: false, error: expect.stringContaining('only one that is up') },
      { kind: 'engine.answer', id: 1, ok: true },
    ])
    channel.push()
    expect(received.at(-1)).toEqual({ kind: 'engines', engines: [seen.at(-1)] })
    channel.closed()
    channel.push()
    expect(answers()).toHaveLength(3)
  })
})

describe.skipIf(await kafkaMissing('engines, with Kafka'))('Kafka as an engine', () => {
  it('comes back after a SIGKILL, is stopped while it starts, and logs to its file', async () => {
    ports = await assignPorts(['kafka', 'kafka-controller'], {})
    const { engine, said, port } = await engineOf('kafka')
    await engine.start()
    await kafkaAnswers(port)
    process.kill(-(engine.pid ?? 0), 'SIGKILL')
    await becomes(engine, 'starting')
    await becomes(engine, 'up')
    await kafkaAnswers(port)
    expect(said.join('\n')).toContain(`kafka ended (SIGKILL); it is started again on port ${port}`)
    await engine.stop()
    const refused = expect(engine.start()).rejects.toThrow('kafka was stopped before it was ready')
    await becomes(engine, 'starting')
    await engine.stop()
    await refused
    expect(engine.status().state).toBe('stopped')
    expect(await probePort(port, '127.0.0.1')).toBe(port)
    expect(readFileSync(join(folder, 'logs', 'kafka.log'), 'utf8')).toContain('Kafka Server started')
  }, 300_000)
})
