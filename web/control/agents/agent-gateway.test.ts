import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import type { AgentStatus, HostedStatus, ReplicaStatus } from '#contracts/protocols/agent.ts'
import { packTelemetry } from '#contracts/protocols/agent.ts'
import { Coverage } from '../ledger/coverage.ts'
import { TelemetryHealth } from '../ledger/telemetry-health.ts'
import { AgentGateway } from './agent-gateway.ts'
import { ServiceRegistry } from './service-registry.ts'

const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0).reverse()) end()
})

const soon = { timeout: 20_000, interval: 10 }
const host = 'simulated-services'
const stateOf = (instance: string, state: ReplicaStatus['state']): ReplicaStatus => ({
  ...{ instance, pid: 1, broker: 'local', state, restarts: 0, since: 0 },
})

/** A gateway whose one service has a sidecar of its own until it is shared. */
async function openGateway() {
  const server = createServer()
  const sockets = new Server(server)
  let isShared = false
  const sidecarOf = (service: string): string => (service === 'a' && isShared ? host : service)
  const services = new ServiceRegistry(Date.now)
  const [coverage, health] = [new Coverage(sidecarOf), new TelemetryHealth(sidecarOf)]
  const work = { body: { kind: 'source' }, concurrency: 1, hopLimit: 32, fromOutside: true } as const
  const gateway = new AgentGateway({
    ...{ token: 'secret', services, coverage, sidecarOf, now: Date.now, log: pino({ level: 'silent' }) },
    isDeclared: (sidecar) => sidecar === (isShared ? host : 'a'),
    takeFrames: () => ({ acked: [] }),
    sidecar: (sidecar) => health.takeSidecar(sidecar),
    grantEpochs: async () => [],
    config: () => ({ worker: { revision: 1, eventTypes: [], subscriptions: [] }, broker: 'local', replicas: {} }),
    hosted: (sidecar) => (sidecar === host ? (isShared ? [{ name: 'a', ...work }] : []) : undefined),
  })
  const connected: [string, boolean][] = []
  const received: AgentStatus[] = []
  gateway.onConnected((...change) => connected.push(change))
  gateway.onStatus((status) => received.push(status))
  gateway.attach(sockets)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(() => void sockets.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/agents`

  async function join(service: string) {
    const auth = { token: 'secret', service, sidecarId: `of-${service}` }
    const socket = io(url, { auth, transports: ['websocket'], forceNew: true })
    endings.push(() => void socket.close())
    socket.on('configure', (_config: unknown, ack: (reply: unknown) => void) => ack({ id: 0, ok: true }))
    await vi.waitFor(() => expect(socket.connected).toBe(true), soon)
    return {
      socket,
      /** Resolves when the gateway has read it. */
      async say(replicas: ReplicaStatus[], hosted?: HostedStatus[]) {
        const status = { service, pid: 1, replicas, links: [], faults: [], droppedFrames: 0 }
        socket.emit('status', hosted ? { ...status, hosted } : status)
        await socket.emitWithAck('telemetry', { ...packTelemetry([]), left: 0 })
      },
    }
  }
  const shown = () => services.list().find(({ name }) => name === 'a')
  return { join, shown, services, coverage, health, connected, received, share: () => (isShared = true), gateway }
}

test('a service that moved into a shared process is what that says, and stays when its own sidecar ends', async () => {
  const { join, shown, share, coverage, health, connected, received } = await openGateway()
  const own = await join('a')
  await own.say([stateOf('a-1', 'up')])
  share()
  const shared = await join(host)
  await shared.say([], [{ service: 'a', replicas: [stateOf('a-1', 'up')], faults: [] }])
  const before = shown()
  expect(before).toMatchObject({ connected: true, sharedBy: host })

  const heard = received.length
  await own.say([stateOf('a-1', 'stopped')])
  expect(received).toHaveLength(heard)
  expect(shown()).toEqual(before)

  own.socket.close()
  await vi.waitFor(() => expect(coverage.list().map(({ service }) => service)).toEqual([host]), soon)
  expect(shown()).toEqual(before)
  expect(connected).not.toContainEqual(['a', false])
  expect(health.sidecars.get('a')).toMatchObject({ handedOver: true })
})

test('one that moved is away where the shared process is not there yet, and comes with it', async () => {
  const { join, shown, share } = await openGateway()
  const own = await join('a')
  await own.say([stateOf('a-1', 'up')])
  share()
  own.socket.close()
  await vi.waitFor(() => expect(shown()).toMatchObject({ connected: false }), soon)
  await join(host)
  await vi.waitFor(() => expect(shown()).toMatchObject({ connected: true }), soon)
})

test('a service that the lab declares no more is forgotten', async () => {
  const { join, shown, gateway, coverage } = await openGateway()
  const own = await join('a')
  await own.say([stateOf('a-1', 'up')])
  own.socket.close()
  await vi.waitFor(() => expect(shown()).toMatchObject({ connected: false }), soon)
  gateway.forget('a')
  expect(shown()).toBeUndefined()
  expect(coverage.list()).toEqual([])
})
