/**
 * The sidecars' other end without a ledger: grants epochs, hands out the configuration, acknowledges frames and forgets them.
 * A process of its own, as web is one. Its parent speaks to it over IPC.
 */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { orderPlaced } from '#contracts/events/order-placed.ts'
import { publisherOf, workersOf } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import {
  type AgentToWebEvents,
  agentNamespace,
  agentStatus,
  epochRequest,
  type SidecarConfig,
  telemetryPush,
  type WebToAgentEvents,
} from '#contracts/protocols/agent.ts'
import { configOf, initialLab } from '#web/control/lab/declared-lab.ts'
import type { AskReceiver, ReceiverFigures } from './messages.ts'

const [port = 0, token = ''] = [Number(process.env.PORT), process.env.FAULTLINE_AGENT_TOKEN]
const declared = await loadLab(defaultLabFile(process.cwd()))
const lab = initialLab(declared)
const order = lab.eventTypes.find(({ name }) => name === orderPlaced.name)
if (order === undefined) throw new Error('the catalogue has no orders')
const config: SidecarConfig = {
  worker: configOf(lab, 1),
  broker: 'local',
  replicas: Object.fromEntries(workersOf(declared).map((w) => [w.name, w.replicas])),
}
/** Far above those of web, which writes to the same database: identities of both never meet. */
let epoch = Math.floor(Date.now() / 1000)
const up = new Set<string>()
const left = new Map<string, number>()
let frames = 0

const http = createServer()
const io = new Server<AgentToWebEvents, WebToAgentEvents>(http, { maxHttpBufferSize: 64 * 1024 * 1024 })
const agents = io.of(agentNamespace)
agents.use((socket, next) =>
  next(socket.handshake.auth.token === token ? undefined : new Error('this is a sidecar of another lab')),
)
agents.on('connection', (socket) => {
  const service = String(socket.handshake.auth.service)
  socket.on('status', (message) => {
    const { replicas } = agentStatus.parse(message)
    if (replicas.every(({ state }) => state === 'up')) up.add(service)
    else up.delete(service)
  })
  socket.on('disconnect', () => up.delete(service))
  socket.on('telemetry', (message, ack) => {
    const push = telemetryPush.parse(message)
    frames += push.frames.length
    left.set(service, push.left ?? 0)
    ack({ acked: push.frames.map(({ incarnation, seq }) => ({ incarnation, seq })) })
  })
  socket.on('epoch', (message, ack) => {
    epochRequest.parse(message)
    epoch += 1
    ack({ epoch })
  })
  void socket.timeout(30_000).emitWithAck('configure', config)
  if (service === publisherOf(declared, orderPlaced.name)) {
    burst = async (burstId, count) => {
      const { name, topic, version, keyField, schema, example } = order
      const plan = {
        burstId,
        type: name,
        topic,
        version,
        ...(keyField === undefined ? {} : { keyField }),
        schema,
        data: JSON.stringify(example),
      }
      const command = { kind: 'burst.start' as const, plan: { ...plan, count, ratePerSecond: 100_000 } }
      const reply = await socket.timeout(30_000).emitWithAck('command', { command })
      if (!reply.ok) throw new Error(`the producer refused a burst: ${reply.error.message}`)
    }
  }
})
let burst: (burstId: string, count: number) => Promise<void> = async () => {
  throw new Error('no producer is connected')
}

const answer = (figures: ReceiverFigures): void => void process.send?.(figures)
process.on('disconnect', () => process.exit(0))
process.on('message', async ({ count }: AskReceiver) => {
  if (count !== undefined) await burst(crypto.randomUUID(), count)
  const onTheWay = [...left.values()].reduce((sum, some) => sum + some, 0)
  answer({ up: up.size, frames, onTheWay })
})
http.listen(port, '127.0.0.1', () => answer({ up: 0, frames: 0, onTheWay: 0 }))
