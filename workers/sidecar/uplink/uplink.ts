import { io, type Socket } from 'socket.io-client'
import { faultOrders, type HeldFault } from '#contracts/faults/held-fault.ts'
import {
  type AgentCommand,
  type AgentStatus,
  type AgentToWebEvents,
  agentCommand,
  agentNamespace,
  epochGrant,
  epochsGrant,
  type FaultsReply,
  packTelemetry,
  type SidecarConfig,
  sidecarConfig,
  telemetryAck,
  type WebToAgentEvents,
} from '#contracts/protocols/agent.ts'
import type { CommandReply } from '#contracts/protocols/worker.ts'
import type { TelemetryBuffer } from '../telemetry/telemetry-buffer.ts'

export interface UplinkOptions {
  url: string
  auth: { token: string; service: string; sidecarId: string }
  buffer: TelemetryBuffer
  status: () => AgentStatus
  /** Web knows nothing of this sidecar yet: called before the first status of each connection. */
  onConnect?: () => void
  onConfigure: (config: SidecarConfig) => Promise<CommandReply>
  onCommand: (command: AgentCommand) => Promise<CommandReply>
  /** All faults that this sidecar, or a service that its process hosts, has to hold from now on. */
  onFaults: (faults: HeldFault[], service: string | undefined) => void
  /** The connection came (undefined) or went, in words for a person; called at each change. */
  onTrouble: (problem: string | undefined) => void
  /** How long web may take to answer. Default 10 s. */
  answerTimeoutMs?: number
  /** At the start both come up side by side: for so long it is not a trouble that web is not there yet. Default 10 s. */
  quietMs?: number
}

/** The connection to the control plane. */
export interface Uplink {
  connected(): boolean
  /** There are frames to send. */
  wake(): void
  /** The status changed; bursts of changes are one message. */
  statusChanged(): void
  /** Sends the status before anything else: a frame that is acknowledged after it proves that it arrived. */
  statusNow(): void
  /** A new epoch; waits while the control plane is away, until `signal` aborts. */
  epoch(instance: string, signal: AbortSignal): Promise<number>
  /** The same for many, in their order. */
  epochs(instances: readonly string[], signal: AbortSignal): Promise<number[]>
  /** Resolves when every frame is acknowledged, or after `withinMs`. */
  flush(withinMs: number): Promise<void>
  close(): void
}

const pushBytes = 1024 * 1024
const statusEveryMs = 1_000
const reconnectMs = { first: 100, longest: 500 }
const retryMs = 250
/** From one push to the next: what comes meanwhile goes together. The first after a pause goes at once. */
const pushEveryMs = 10
/** Two sidecars of one service must not push each other out without a pause. */
const refusedMs = 2_000

/**
 * AWAY ⇄ CONNECTED → CLOSED. AWAY: tries again for ever. CONNECTED: status at once, then on every change and once a second; one push of
 * telemetry at a time, of the oldest frames, and at most a hundred a second. Frames leave the buffer only when they are acknowledged, so what was on its
 * way when the connection went is sent again, under the same numbers.
 */
export function openUplink(options: UplinkOptions): Uplink {
  const { buffer, onTrouble, answerTimeoutMs = 10_000, quietMs = 10_000 } = options
  const openedAt = performance.now()
  const socket: Socket<WebToAgentEvents, AgentToWebEvents> = io(`${options.url}${agentNamespace}`, {
    transports: ['websocket'],
    auth: options.auth,
    reconnectionDelay: reconnectMs.first,
    reconnectionDelayMax: reconnectMs.longest,
  })
  const waiting = new Set<() => void>()
  let pushing = false
  let nextPushAt = 0
  let closed = false
  let trouble: string | undefined = 'not connected yet'
  let statusPending = false
  let lastStatusAt = 0

  function settleWaiting(): void {
    for (const resume of waiting) resume()
  }

  function report(problem: string | undefined): void {
    if (problem === trouble || closed) return
    trouble = problem
    onTrouble(problem)
  }

  /** Web refused it, or ended it in favour of another: Socket.IO itself tries again only if the network failed. */
  function tryAgain(): void {
    if (closed || socket.active) return
    setTimeout(() => {
      if (!closed) socket.connect()
    }, refusedMs).unref()
  }

  function sendStatus(): void {
    if (!socket.connected) return
    lastStatusAt = performance.now()
    socket.emit('status', options.status())
  }

  async function push(): Promise<void> {
    if (pushing) return
    pushing = true
    while (socket.connected && buffer.length() > 0) {
      let moved = false
      const early = nextPushAt - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      nextPushAt = performance.now() + pushEveryMs
      try {
        const frames = buffer.oldest(pushBytes)
        const push = { ...packTelemetry(frames), left: buffer.length() - frames.length }
        const answer = await socket.timeout(answerTimeoutMs).emitWithAck('telemetry', push)
        moved = buffer.acknowledge(telemetryAck.parse(answer))
      } catch {
        // No answer, or none that can be read: the frames stay and are sent again.
      }
      if (!moved && socket.connected) await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
    pushing = false
    if (buffer.length() === 0) settleWaiting()
  }

  socket.on('connect', () => {
    report(undefined)
    options.onConnect?.()
    sendStatus()
    settleWaiting()
    void push()
  })
  socket.on('connect_error', (error) => {
    if (performance.now() - openedAt >= quietMs)
      report(`the control plane at ${options.url} cannot be reached (${error.message})`)
    tryAgain()
  })
  socket.on('disconnect', (reason) => {
    report(`the connection to the control plane ended (${reason})`)
    tryAgain()
  })
  socket.on('configure', (message, ack) => {
    const config = sidecarConfig.safeParse(message)
    if (config.success) void options.onConfigure(config.data).then(ack)
    else ack(refusal(`the configuration cannot be read: ${config.error.message}`))
  })
  socket.on('faults', (message, ack) => {
    const orders = faultOrders.safeParse(message)
    if (orders.success) options.onFaults(orders.data.faults, orders.data.service)
    ack(orders.success ? { ok: true } : notRead(orders.error.message))
  })
  socket.on('command', (message, ack) => {
    const command = agentCommand.safeParse(message)
    if (command.success) void options.onCommand(command.data).then(ack)
    else ack(refusal(`the command cannot be read: ${command.error.message}`))
  })
  const statusLoop = setInterval(() => {
    if (performance.now() - lastStatusAt >= statusEveryMs / 2) sendStatus()
  }, statusEveryMs)

  /** Resolves at the next connect or drained buffer, when `ms` are over, or when `signal` aborts. */
  function pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
      waiting.add(done)
    })
  }

  async function asked<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted()
      if (socket.connected) {
        try {
          const granted = await ask()
          signal.throwIfAborted()
          return granted
        } catch {
          // Asked again below: an epoch that was granted and never arrived is skipped, which harms nothing.
        }
      }
      await pause(retryMs, signal)
    }
  }

  return {
    connected: () => socket.connected,
    wake() {
      if (!pushing) void push()
    },
    statusChanged() {
      if (statusPending) return
      statusPending = true
      setImmediate(() => {
        statusPending = false
        sendStatus()
      })
    },
    statusNow: sendStatus,
    epoch: (instance, signal) =>
      asked(signal, async () => {
        const answer = await socket.timeout(answerTimeoutMs).emitWithAck('epoch', { instance })
        return epochGrant.parse(answer).epoch
      }),
    epochs: (instances, signal) =>
      asked(signal, async () => {
        const answer = await socket.timeout(answerTimeoutMs).emitWithAck('epochs', { instances: [...instances] })
        const { epochs } = epochsGrant.parse(answer)
        if (epochs.length !== instances.length) throw new Error('not every replica was given an epoch')
        return epochs
      }),
    async flush(withinMs) {
      const deadline = performance.now() + withinMs
      while (buffer.length() > 0 && performance.now() < deadline) {
        if (!pushing) void push()
        await pause(Math.max(1, deadline - performance.now()))
      }
    },
    close() {
      closed = true
      clearInterval(statusLoop)
      socket.disconnect()
    },
  }
}

const notRead = (reason: string): FaultsReply => ({ ok: false, error: `the faults cannot be read: ${reason}` })

function refusal(message: string): CommandReply {
  return { id: 0, ok: false, error: { type: 'BadCommand', message } }
}
