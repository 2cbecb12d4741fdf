import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import {
  frame as frameSchema,
  type LiveFrame,
  logLinesPerFrame,
  type Snapshot,
  snapshot as snapshotSchema,
  type Watch,
} from '#contracts/api/live.ts'
import { consumersIn } from '#contracts/lab.ts'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { packTelemetry } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { openEventLog } from '../event-log/event-log.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { createObservatory } from '../observatory.ts'
import { openLive } from '../open-live.ts'
import { AgentUnavailable } from '../problem/agent-unavailable.ts'
import type { LiveRuns } from './followed-run.ts'

const groups = ['consumer-email', 'consumer-db']
const labBroker: LabBroker = {
  broker: 'local',
  state: 'ready',
  available: [{ name: 'local', ready: true }],
  unsettled: [],
}

const endings: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function openLab(runs: LiveRuns = { underWay: () => null, lines: () => undefined }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'faultline-live-'))
  const log = pino({ level: 'silent' })
  const events = await openEventLog(join(dataDir, 'event-log.jsonl'), log)
  const meters = createMeters('web')
  const observatory = createObservatory({
    publisherOf: () => 'producer',
    consumers: () => consumersIn(defaultLab),
    isDeclared: (service) => defaultLab.services.some(({ name }) => name === service),
    dataDir,
    broker: () => 'local',
    groupsOf: () => groups,
    grantEpochs: async () => [7],
    config: () => ({
      worker: { revision: 1, eventTypes: [], subscriptions: [] },
      broker: 'local',
      replicas: {},
    }),
    events,
    agentToken: 'secret',
    log,
    meters,
  })
  const live = openLive({
    ...{ observatory, events, meters, log, runs },
    graph: {
      topology: () => ({
        nodes: [{ id: 'queue:consumer-db', kind: 'queue', name: 'consumer-db', state: 'up' }],
        edges: [],
      }),
      revision: () => 1,
    },
    bursts: () => [],
    faults: () => [],
    labBroker: () => labBroker,
    lab: () => ({ name: 'default', broker: 'local', startedAt: new Date(0).toISOString(), version: '0', problems: [] }),
  })
  await observatory.start()
  const http = createServer()
  const server = new Server(http, { perMessageDeflate: false })
  live.attach(server)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  endings.push(async () => {
    live.close()
    await observatory.close()
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { observatory, url }
}

function connect(url: string, auth: Record<string, unknown> = {}): Socket {
  const socket = io(url, { auth, transports: ['websocket'], forceNew: true })
  endings.push(() => void socket.close())
  return socket
}

function openViewer(url: string, watch: Partial<Watch> = {}, acknowledge = true) {
  const socket = connect(`${url}/live`)
  const snapshots: Snapshot[] = []
  const frames: LiveFrame[] = []
  socket.on('snapshot', (snapshot: unknown) => {
    snapshots.push(snapshotSchema.parse(snapshot))
    socket.emit('watch', { tail: null, rows: [], message: null, logs: null, ...watch })
  })
  socket.on('frame', (frame: unknown, done: () => void) => {
    frames.push(frameSchema.parse(frame))
    if (acknowledge) done()
  })
  return { socket, snapshots, frames }
}

async function openAgent(url: string, service: string) {
  const socket = connect(`${url}/agents`, { token: 'secret', service, sidecarId: 's' })
  socket.on('configure', (_config: unknown, ack: (reply: unknown) => void) => ack({ id: 0, ok: true }))
  let seq = 0
  const send = async (records: TelemetryRecord[]): Promise<unknown> => {
    seq += 1
    const body = new TextEncoder().encode(JSON.stringify(records))
    return socket.emitWithAck('telemetry', packTelemetry([{ source: service, incarnation: service, seq, body }]))
  }
  await vi.waitFor(() => expect(socket.connected).toBe(true), { timeout: 20_000 })
  return { socket, send }
}

const soon = { timeout: 20_000, interval: 20 }

describe('live gateway', () => {
  it('sends a snapshot, then frames with rates, rows of the tail and what was skipped', async () => {
    const { url } = await openLab()
    const viewer = openViewer(url, { tail: { type: 'order_placed' } })
    await vi.waitFor(() => expect(viewer.frames.length).toBeGreaterThan(0), soon)
    const agent = await openAgent(url, 'producer')
    await agent.send(wholeLife(1, 120, groups, Date.now()))
    await vi.waitFor(() => expect(viewer.frames.some(({ tail }) => tail)).toBe(true), soon)
    const tail = viewer.frames.find((frame) => frame.tail)?.tail
    expect(tail?.rows).toHaveLength(50)
    expect(tail?.skipped).toBe(70)
    expect(tail?.rows.at(-1)?.id).toBe('producer-1:1:order_placed:120')
    await vi.waitFor(() => expect(viewer.frames.at(-1)?.nodes['consumer:consumer-db']?.total).toBe(120), soon)
  })

  it('sends the open journey and watched rows when they change, and only then', async () => {
    const { url } = await openLab()
    const id = 'producer-1:1:order_placed:1'
    const agent = await openAgent(url, 'producer')
    const records = wholeLife(1, 1, groups, Date.now())
    await agent.send(records.slice(0, 2))
    const viewer = openViewer(url, { message: id, rows: [id] })
    await vi.waitFor(() => expect(viewer.frames.some(({ message }) => message)).toBe(true), soon)
    const seen = viewer.frames.length
    await vi.waitFor(() => expect(viewer.frames.length).toBeGreaterThan(seen + 2), soon)
    expect(viewer.frames.slice(seen).some(({ message, rows }) => message ?? rows)).toBe(false)
    await agent.send(records.slice(2))
    await vi.waitFor(() => {
      const journey = viewer.frames.findLast(({ message }) => message)?.message
      expect(journey?.obligations.map(({ state }) => state)).toEqual(['delivered', 'delivered'])
      expect(viewer.frames.findLast(({ rows }) => rows)?.rows?.[0]?.settledInMs).toBeCloseTo(8.4)
    }, soon)
  })

  it('has one frame on its way to a stalled viewer, and twenty others go on', async () => {
    const { url } = await openLab()
    const stalled = openViewer(url, {}, false)
    const others = Array.from({ length: 20 }, () => openViewer(url))
    await vi.waitFor(() => {
      for (const { frames } of others) expect(frames.length).toBeGreaterThan(5)
    }, soon)
    expect(stalled.frames).toHaveLength(1)
  })

  it('sends a snapshot again on resync and after a reconnect', async () => {
    const { url } = await openLab()
    const viewer = openViewer(url)
    await vi.waitFor(() => expect(viewer.snapshots).toHaveLength(1), soon)
    viewer.socket.emit('resync')
    await vi.waitFor(() => expect(viewer.snapshots).toHaveLength(2), soon)
    viewer.socket.disconnect().connect()
    await vi.waitFor(() => expect(viewer.snapshots).toHaveLength(3), soon)
  })

  it('sends the newest log lines again on resync, since the viewer has thrown away what came', async () => {
    const { url } = await openLab()
    const agent = await openAgent(url, 'producer')
    const count = logLinesPerFrame + 5
    const lines = Array.from({ length: count }, (_, number) => String(number))
    const line = { kind: 'log' as const, at: Date.now(), service: 'producer', instance: 'producer-1' }
    await agent.send(lines.map((message) => ({ ...line, level: 'info' as const, message })))
    const viewer = openViewer(url, { logs: 'producer' })
    const messagesOf = (frame: LiveFrame | undefined) => frame?.logs?.lines.map(({ message }) => message)
    const newest = lines.slice(-logLinesPerFrame)
    const last = () => messagesOf(viewer.frames.findLast(({ logs }) => logs))?.at(-1)
    await vi.waitFor(() => expect(last()).toBe(lines.at(-1)), soon)
    viewer.socket.emit('resync')
    await vi.waitFor(() => expect(messagesOf(viewer.snapshots[1])).toEqual(newest), soon)
  })

  it('sends every line of the journal that is followed once and in order, and goes on where a viewer says that it is', async () => {
    const lines = Array.from({ length: 450 }, (_, t) => ({ kind: 'note', t, text: '' }))
    const run = { id: 'r-1', name: 'a', startedAt: '2026-01-01T00:00:00.000Z', endsBy: '2026-01-01T00:01:00.000Z' }
    const { url } = await openLab({ underWay: () => run, lines: (id) => (id === 'r-1' ? lines : undefined) })
    const viewer = openViewer(url, { run: { id: 'r-1', after: 3 } })
    const got = () => viewer.frames.flatMap((frame) => frame.run?.lines.map((line) => JSON.parse(line).t) ?? [])
    await vi.waitFor(() => expect(got()).toEqual(lines.slice(3).map(({ t }) => t)), soon)
    expect(viewer.frames.flatMap((frame) => frame.run?.from ?? [])).toEqual([3, 203, 403])
    lines.push({ kind: 'note', t: 450, text: '' })
    await vi.waitFor(() => expect(got().at(-1)).toBe(450), soon)
    expect(viewer.frames.at(-1)?.underWay).toEqual(run)
    viewer.socket.emit('watch', { tail: null, rows: [], message: null, logs: null, run: { id: 'r-2', after: 0 } })
    const seen = viewer.frames.length
    await vi.waitFor(() => expect(viewer.frames.length).toBeGreaterThan(seen + 1), soon)
    viewer.socket.emit('watch', { tail: null, rows: [], message: null, logs: null, run: { id: 'r-1', after: 450 } })
    await vi.waitFor(
      () => expect(viewer.frames.at(-1)?.run ?? viewer.frames.at(-2)?.run).toMatchObject({ from: 450 }),
      soon,
    )
  })

  it('ignores a watch that is invalid', async () => {
    const { url } = await openLab()
    const viewer = openViewer(url)
    await vi.waitFor(() => expect(viewer.frames.length).toBeGreaterThan(0), soon)
    viewer.socket.emit('watch', { tail: 7 })
    const seen = viewer.frames.length
    await vi.waitFor(() => expect(viewer.frames.length).toBeGreaterThan(seen + 1), soon)
  })
})

describe('agents', () => {
  it('refuses a sidecar with another token', async () => {
    const { url } = await openLab()
    const socket = connect(`${url}/agents`, { token: 'other', service: 'producer', sidecarId: 's' })
    const reason = await new Promise<string>((resolve) => socket.on('connect_error', ({ message }) => resolve(message)))
    expect(reason).toContain('FAULTLINE_AGENT_TOKEN')
  })

  it('refuses a sidecar of a service that the lab does not declare, whatever its token', async () => {
    const { url, observatory } = await openLab()
    for (const service of ['consumer-nobody', '__proto__', '']) {
      const socket = connect(`${url}/agents`, { token: 'secret', service, sidecarId: 's' })
      const reason = await new Promise<string>((resolve) =>
        socket.on('connect_error', ({ message }) => resolve(message)),
      )
      expect(reason).toContain('declares no worker')
    }
    expect(observatory.services()).toEqual([])
  })

  it('carries commands, configurations and epochs; says that a sidecar is away', async () => {
    const { url, observatory } = await openLab()
    const command = { command: { kind: 'burst.stop' as const, burstId: 'b' } }
    await expect(observatory.agents.command('producer', command, 100)).rejects.toThrow(AgentUnavailable)
    const agent = await openAgent(url, 'producer')
    agent.socket.on('command', (_command: unknown, ack: (reply: unknown) => void) => ack({ id: 3, ok: true }))
    await expect(observatory.agents.command('producer', command, 5_000)).resolves.toEqual({ id: 3, ok: true })
    await observatory.agents.configure()
    expect(await agent.socket.emitWithAck('epoch', { instance: 'producer-1' })).toEqual({ epoch: 7 })
    expect(observatory.services()).toMatchObject([{ name: 'producer', connected: true }])
    agent.socket.disconnect()
    await vi.waitFor(() => expect(observatory.services()).toMatchObject([{ connected: false }]), soon)
  })

  it('refuses telemetry that is invalid and stays up', async () => {
    const { url, observatory } = await openLab()
    const agent = await openAgent(url, 'producer')
    agent.socket.emit('telemetry', { headers: 'none' }, () => {})
    agent.socket.emit('status', { service: 'other' })
    await agent.send(wholeLife(1, 1, groups, Date.now()))
    expect(observatory.publishedByType()).toEqual({ order_placed: 1 })
    expect(observatory.journey('producer-1:1:order_placed:2')).toBeUndefined()
  })
})
