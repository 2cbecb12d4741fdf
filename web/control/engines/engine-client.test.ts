import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import type { EngineStatus, WebToSupervisor } from '#contracts/protocols/engine.ts'
import { EngineRefused, EngineSilent, openEngineClient, type SupervisorChannel } from './engine-client.ts'

const kafka: EngineStatus = { name: 'kafka', state: 'stopped' }

function fakeChannel(connected = true) {
  const sent: WebToSupervisor[] = []
  const emitter = new EventEmitter()
  const send = (message: WebToSupervisor): boolean => sent.push(message) > 0
  return Object.assign(emitter, { connected, sent, ...(connected ? { send } : {}) }) satisfies SupervisorChannel
}
const idOf = (message: WebToSupervisor | undefined): number =>
  message !== undefined && 'id' in message ? message.id : -1

it('asks for the states, keeps the latest and reports every change', async () => {
  const channel = fakeChannel()
  const client = openEngineClient(channel)
  expect(channel.sent).toEqual([{ kind: 'engines.watch' }])
  const seen: unknown[] = []
  const end = client.onChange((states) => seen.push(states))
  channel.emit('message', { kind: 'engines', engines: [kafka] })
  await client.known()
  channel.emit('message', { kind: 'engines', engines: [{ ...kafka, state: 'up' }] })
  expect(client.state('kafka')).toEqual({ name: 'kafka', state: 'up' })
  expect(client.state('redis')).toBeUndefined()
  end()
  channel.emit('message', { kind: 'engines', engines: [] })
  expect(seen).toHaveLength(2)
  expect(client.states()).toEqual([])
})

it('gives each request its own answer, whatever their order', async () => {
  const channel = fakeChannel()
  const client = openEngineClient(channel)
  const start = client.request('engine.start', 'kafka')
  const stop = client.request('engine.stop', 'redis')
  const [, first, second] = channel.sent
  expect(first).toMatchObject({ kind: 'engine.start', engine: 'kafka' })
  channel.emit('message', { kind: 'engine.answer', id: idOf(second), ok: false, error: 'redis is not on this machine' })
  channel.emit('message', { kind: 'engine.answer', id: idOf(first), ok: true })
  await expect(stop).rejects.toThrow(new EngineRefused('redis is not on this machine'))
  await start
})

it('says when no answer came, and ignores one that comes too late or is not a message of this protocol', async () => {
  vi.useFakeTimers()
  const channel = fakeChannel()
  const client = openEngineClient(channel)
  const paused = expect(client.request('engine.pause', 'kafka', 50)).rejects.toThrow(EngineSilent)
  channel.emit('message', 'NODE_internal')
  channel.emit('message', { kind: 'engines', engines: [{ name: 'zookeeper', state: 'up' }] })
  await vi.advanceTimersByTimeAsync(60)
  await paused
  channel.emit('message', { kind: 'engine.answer', id: idOf(channel.sent[1]), ok: true })
  expect(client.states()).toEqual([])
  vi.useRealTimers()
})

it('rejects what waits when the supervisor is gone or web stops, and manages nothing from then on', async () => {
  const channel = fakeChannel()
  const client = openEngineClient(channel)
  channel.emit('message', { kind: 'engines', engines: [kafka] })
  const start = client.request('engine.start', 'kafka')
  channel.emit('disconnect')
  await expect(start).rejects.toThrow('the supervisor is gone')
  expect(client.managed()).toBe(false)
  expect(client.states()).toEqual([])

  const other = openEngineClient(fakeChannel())
  const stop = other.request('engine.stop', 'kafka')
  other.close()
  await expect(stop).rejects.toThrow(EngineSilent)
})

it('is unmanaged without a channel, at once', async () => {
  const client = openEngineClient(fakeChannel(false))
  await client.known()
  expect(client.managed()).toBe(false)
  await expect(client.request('engine.start', 'kafka')).rejects.toThrow('kafka is not run by this lab')
})
