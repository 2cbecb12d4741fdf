import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  type LiveFrame,
  liveNamespace,
  type ServerToViewerEvents,
  type Snapshot,
  type ViewerToServerEvents,
} from '#contracts/api/live.ts'
import { connectLive } from './live-socket.ts'
import { useLive } from './live-store.ts'
import { endReplay, showMoment } from './replay.ts'
import { emptySnapshot } from './snapshot.fixture.ts'

type Viewer = Socket<ViewerToServerEvents, ServerToViewerEvents>

const soon = { timeout: 20_000, interval: 20 }
const http = createServer()
const server = new Server<ViewerToServerEvents, ServerToViewerEvents>(http)

beforeEach(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`
  vi.stubGlobal('location', { protocol: 'http:', host })
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('requestAnimationFrame', (paint: () => void) => setImmediate(paint))
})
afterEach(async () => {
  endReplay()
  await server.close()
  vi.unstubAllGlobals()
})

const atRate = (ratePerSecond: number): Snapshot => ({
  ...emptySnapshot,
  nodes: { 'topic:a': { ratePerSecond, total: 7 } },
})
const rate = () => useLive.getState().nodes['topic:a']?.ratePerSecond

test('a frame that is on its way when the replay ends is acknowledged and changes nothing until the snapshot comes', async () => {
  const connected = new Promise<Viewer>((resolve) => server.of(liveNamespace).once('connection', resolve))
  const disconnect = connectLive()
  const viewer = await connected
  const asked = new Promise<void>((resolve) => viewer.once('resync', resolve))
  const send = (frame: LiveFrame) =>
    new Promise<void>((resolve) => {
      viewer.emit('frame', frame, resolve)
    })
  const changeTo = (ratePerSecond: number): LiveFrame => {
    const { topology: _, broker: __, lab: ___, sparks: ____, ...frame } = atRate(ratePerSecond)
    return { ...frame, whole: false }
  }
  viewer.emit('snapshot', atRate(1))
  await vi.waitFor(() => expect(rate()).toBe(1), soon)
  showMoment(atRate(2), { at: 5_000, pace: 0, words: 'at 5.0 s' })
  await send(changeTo(3))
  expect(rate()).toBe(2)
  endReplay()
  await asked
  await send(changeTo(4))
  expect(rate()).toBe(2)
  viewer.emit('snapshot', atRate(5))
  await vi.waitFor(() => expect(rate()).toBe(5), soon)
  await send(changeTo(6))
  expect(rate()).toBe(6)
  disconnect()
})
