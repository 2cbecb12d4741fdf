import type { Logger } from 'pino'
import type { Namespace, Server, Socket } from 'socket.io'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import {
  type AgentCommand,
  type AgentStatus,
  type AgentToWebEvents,
  agentAuth,
  agentNamespace,
  agentStatus,
  epochRequest,
  epochsRequest,
  type FaultsReply,
  faultsReply,
  type HostedService,
  type SidecarConfig,
  type TelemetryAck,
  type TelemetryFrame,
  telemetryPush,
  type WebToAgentEvents,
} from '#contracts/protocols/agent.ts'
import { type CommandReply, commandReply } from '#contracts/protocols/worker.ts'
import type { Coverage } from '../ledger/coverage.ts'
import type { SidecarHealth } from '../ledger/telemetry-health.ts'
import { AgentSilent, AgentUnavailable } from '../problem/agent-unavailable.ts'
import { isSameToken } from './same-token.ts'
import type { ServiceRegistry } from './service-registry.ts'

type AgentData = { service: string; sidecarId: string }
type AgentNamespace = Namespace<AgentToWebEvents, WebToAgentEvents, Record<string, never>, AgentData>
type AgentSocket = Socket<AgentToWebEvents, WebToAgentEvents, Record<string, never>, AgentData>

/** Called by the gateway with what sidecars send. */
export interface AgentHandlers {
  token: string
  /** Whether the lab declares this worker: nobody else is a sidecar's service. */
  isDeclared(service: string): boolean
  services: ServiceRegistry
  log: Logger
  /** Puts frames on disk and answers what is safe there; throws if that is not possible now. */
  takeFrames(frames: TelemetryFrame[]): TelemetryAck
  coverage: Coverage
  /** Epoch milliseconds. */
  now(): number
  /** A sidecar came, or has handed over everything. True if one before it had not. */
  sidecar(sidecar: SidecarHealth): boolean
  /** New epochs, in the order of the instances. */
  grantEpochs(instances: readonly string[]): Promise<number[]>
  /** What every sidecar has to make true now. */
  config(): SidecarConfig
  /** The sidecar that answers for a service. */
  sidecarOf(service: string): string
  /** What a sidecar hosts in one process; undefined if it is the sidecar of one service. */
  hosted(sidecar: string): HostedService[] | undefined
}

/** How long a sidecar may take to hand a configuration to all its replicas, in milliseconds. */
const configureTimeoutMs = 5_000
/** How long a sidecar may take to say that it has its faults. */
const faultsTimeoutMs = 5_000

/**
 * Sidecars on the namespace `/agents`. One that comes is checked, configured, and then the only one of its service; a
 * newer connection of the same service takes the place of an older one. What does not parse is refused with a log line.
 */
export class AgentGateway {
  readonly #handlers: AgentHandlers
  readonly #sockets = new Map<string, AgentSocket>()
  /** Frames that the sidecar of each service had left at its last push. */
  readonly #left = new Map<string, { sidecarId: string; frames: number | undefined }>()
  /** Sidecars that said, as the last thing, that all their replicas have stopped. */
  readonly #stopped = new Set<string>()
  readonly #onConnected: ((service: string, isConnected: boolean) => void)[] = []
  readonly #onStatus: ((status: AgentStatus) => void)[] = []
  #namespace: AgentNamespace | undefined

  constructor(handlers: AgentHandlers) {
    this.#handlers = handlers
  }

  /** `listener` is called when a sidecar came or went. */
  onConnected(listener: (service: string, isConnected: boolean) => void): void {
    this.#onConnected.push(listener)
  }

  /** `listener` is called with what sidecars report of themselves. */
  onStatus(listener: (status: AgentStatus) => void): void {
    this.#onStatus.push(listener)
  }

  attach(io: Server): void {
    const namespace = io.of(agentNamespace) as AgentNamespace
    this.#namespace = namespace
    namespace.use((socket, next) => {
      const auth = agentAuth.safeParse(socket.handshake.auth)
      if (!auth.success || !isSameToken(auth.data.token, this.#handlers.token)) {
        this.#handlers.log.warn({ address: socket.handshake.address }, 'refused a sidecar: its token is not right')
        next(new Error('unauthorized: FAULTLINE_AGENT_TOKEN does not match that of the control plane'))
        return
      }
      const { service } = auth.data
      if (!this.#handlers.isDeclared(service)) {
        this.#handlers.log.warn(
          { address: socket.handshake.address, service },
          'refused a sidecar of no declared worker',
        )
        next(new Error(`unauthorized: the lab declares no worker "${service.slice(0, 100)}"`))
        return
      }
      socket.data = { service: auth.data.service, sidecarId: auth.data.sidecarId }
      next()
    })
    namespace.on('connection', (socket) => this.#welcome(socket))
  }

  /** Rejects with `AgentUnavailable` where the sidecar is away, with `AgentSilent` if it does not answer in time. */
  async command(service: string, command: AgentCommand, timeoutMs: number): Promise<CommandReply> {
    const socket = this.#socketOf(service)
    let answer: unknown
    try {
      answer = await socket.timeout(timeoutMs).emitWithAck('command', command)
    } catch (cause) {
      throw new AgentSilent(`${service} did not answer within ${timeoutMs} ms`, { cause })
    }
    const reply = commandReply.safeParse(answer)
    if (!reply.success) throw new AgentSilent(`${service} answered what is not a reply: ${reply.error.message}`)
    return reply.data
  }

  /**
   * Sends what holds now to every connected sidecar. Resolves when each has handed it on or run out of time; those get
   * it again when they reconnect.
   */
  async configure(): Promise<void> {
    const config = this.#handlers.config()
    await Promise.all([...this.#sockets.values()].map((socket) => this.#configure(socket, config)))
  }

  #socketOf(service: string): AgentSocket {
    const socket = this.#sockets.get(this.#handlers.sidecarOf(service))
    if (!socket) throw new AgentUnavailable(`no sidecar of ${service} is connected`)
    return socket
  }

  /** The sidecar came or went, and with it what its process hosts. A service that another connected sidecar hosts now is as that one is. */
  #setConnected(sidecar: string, isConnected: boolean): void {
    const hosted = (this.#handlers.hosted(sidecar) ?? []).map((service) => service.name)
    const isElsewhere = !this.#speaksFor(sidecar) && this.#sockets.has(this.#handlers.sidecarOf(sidecar))
    for (const name of isElsewhere ? hosted : [sidecar, ...hosted]) {
      this.#handlers.services.setConnected(name, isConnected)
      for (const listener of this.#onConnected) listener(name, isConnected)
    }
  }

  /** Whether the service of this name is this sidecar's own, and not one that has moved into a shared process. */
  #speaksFor(sidecar: string): boolean {
    return this.#handlers.sidecarOf(sidecar) === sidecar
  }

  /** Sends a sidecar all faults that it has to apply. Rejects like `command`. */
  async holdFaults(service: string, faults: HeldFault[]): Promise<FaultsReply> {
    const socket = this.#socketOf(service)
    const isHosted = socket.data.service !== service
    const answer = await socket
      .timeout(faultsTimeoutMs)
      .emitWithAck('faults', { faults, ...(isHosted ? { service } : {}) })
      .catch((cause: unknown) => {
        throw new AgentSilent(`${service} did not answer within ${faultsTimeoutMs} ms`, { cause })
      })
    return faultsReply.parse(answer)
  }

  /** A sidecar that the lab declares no more is not waited for; one that is still connected is forgotten when it goes. */
  forget(service: string): void {
    if (this.#sockets.has(service)) return
    this.#left.delete(service)
    this.#stopped.delete(service)
    this.#handlers.coverage.forget(service)
    if (this.#speaksFor(service)) this.#handlers.services.forget(service)
  }

  close(): void {
    this.#namespace?.disconnectSockets(true)
  }

  #welcome(socket: AgentSocket): void {
    const { service, sidecarId } = socket.data
    const { services, log, coverage, now } = this.#handlers
    this.#noteHandover(service)
    this.#sockets.get(service)?.disconnect(true)
    this.#sockets.set(service, socket)
    if (this.#handlers.sidecar({ service, id: sidecarId, handedOver: false })) {
      log.error(
        { service },
        `the former sidecar of ${service} ended without a goodbye: its last telemetry may be missing`,
      )
    }
    this.#setConnected(service, true)
    coverage.connected(service, now())
    log.info({ service }, `sidecar of ${service} connected`)
    socket.on('disconnect', (reason) => {
      if (this.#sockets.get(service) !== socket) return
      this.#sockets.delete(service)
      this.#noteHandover(service)
      this.#setConnected(service, false)
      coverage.disconnected(service)
      log.warn({ service, reason }, `sidecar of ${service} disconnected`)
      if (!this.#handlers.isDeclared(service)) this.forget(service)
    })
    socket.on('status', (message) => {
      const status = agentStatus.safeParse(message)
      if (!status.success || status.data.service !== service) return this.#refuse(service, 'status', status.error)
      if (status.data.replicas.every(({ state }) => state === 'stopped')) this.#stopped.add(service)
      else this.#stopped.delete(service)
      if (!this.#speaksFor(service)) return
      services.takeStatus(status.data)
      for (const listener of this.#onStatus) listener(status.data)
      this.#takeHosted(status.data)
    })
    socket.on('telemetry', (message, ack) => this.#takeTelemetry(socket.data, message, ack))
    socket.on('epoch', (message, ack) => {
      const request = epochRequest.safeParse(message)
      if (!request.success || typeof ack !== 'function') return this.#refuse(service, 'epoch', request.error)
      void this.#grantEpochs([request.data.instance], ([epoch = 1]) => ack({ epoch }))
    })
    socket.on('epochs', (message, ack) => {
      const request = epochsRequest.safeParse(message)
      if (!request.success || typeof ack !== 'function') return this.#refuse(service, 'epochs', request.error)
      void this.#grantEpochs(request.data.instances, (epochs) => ack({ epochs }))
    })
    void this.#configure(socket, this.#handlers.config())
  }

  /** What a sidecar says last is that its replicas have stopped and that nothing is left. */
  #noteHandover(service: string): void {
    const left = this.#left.get(service)
    if (left?.frames !== 0 || !this.#stopped.has(service)) return
    this.#left.delete(service)
    this.#handlers.sidecar({ service, id: left.sidecarId, handedOver: true })
  }

  #takeTelemetry({ service, sidecarId }: AgentData, message: unknown, ack: unknown): void {
    const push = telemetryPush.safeParse(message)
    if (!push.success || typeof ack !== 'function') {
      this.#refuse(service, 'telemetry', push.error)
      return
    }
    try {
      const { frames, left } = push.data
      const taken = this.#handlers.takeFrames(frames)
      this.#handlers.coverage.pushed(service, left, this.#handlers.now())
      this.#left.set(service, { sidecarId, frames: left })
      ack(taken)
    } catch (error) {
      // Not acknowledged: the sidecar keeps the frames and sends them again.
      this.#handlers.log.error({ err: error, service }, 'telemetry could not be stored; the sidecar will send it again')
    }
  }

  async #grantEpochs(instances: readonly string[], answer: (epochs: number[]) => void): Promise<void> {
    try {
      answer(await this.#handlers.grantEpochs(instances))
    } catch (error) {
      // Not answered: the sidecar asks again.
      const [instance] = instances
      this.#handlers.log.error({ err: error, instance }, 'an epoch could not be stored; the sidecar asks again')
    }
  }

  /** What a sidecar says of services that its process hosts is what the sidecar of each would say. */
  #takeHosted({ service: sidecar, hosted = [], pid }: AgentStatus): void {
    for (const { service, replicas, faults } of hosted) {
      if (this.#handlers.sidecarOf(service) !== sidecar) continue
      const status: AgentStatus = { service, pid, replicas, faults, links: [], droppedFrames: 0 }
      this.#handlers.services.takeStatus(status, sidecar)
      for (const listener of this.#onStatus) listener(status)
    }
  }

  async #configure(socket: AgentSocket, config: SidecarConfig): Promise<void> {
    const { service } = socket.data
    const hosted = this.#handlers.hosted(service)
    // One that is new in the process has no status yet, and is as connected as the sidecar is.
    for (const { name } of hosted ?? [])
      if (!this.#handlers.services.isConnected(name)) this.#setConnected(service, true)
    try {
      const reply = await socket
        .timeout(configureTimeoutMs)
        .emitWithAck('configure', hosted === undefined ? config : { ...config, hosted })
      if (!reply.ok) this.#handlers.log.warn({ service, error: reply.error }, `${service} refused its configuration`)
    } catch (error) {
      this.#handlers.log.warn({ err: error, service }, `${service} did not confirm its configuration in time`)
    }
  }

  #refuse(service: string, message: string, error: unknown): void {
    this.#handlers.log.error({ err: error, service }, `refused an invalid "${message}" of ${service}`)
  }
}
