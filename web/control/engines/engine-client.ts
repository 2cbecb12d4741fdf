import type { EngineName } from '#contracts/engine-name.ts'
import {
  type EngineRequestKind,
  type EngineStatus,
  type ServiceRequest,
  supervisorToWeb,
  type WebToSupervisor,
} from '#contracts/protocols/engine.ts'

/**
 * Web's end of the channel to the supervisor, which runs the engines of a lab that was started with `npm start`.
 * MANAGED → LOST, where the channel ends; UNMANAGED from the start if there is none, as in compose. An engine that
 * is not among `states()` is not the supervisor's: it was given by its address, and only reaching it shows whether it is up.
 */
export interface EngineClient {
  /** Whether a supervisor answers. */
  managed(): boolean
  /** As the supervisor said last; empty until it has spoken, and where it manages none. */
  states(): readonly EngineStatus[]
  state(engine: EngineName): EngineStatus | undefined
  /** Resolves when the supervisor has said its states once; at once if there is no supervisor. */
  known(): Promise<void>
  /**
   * Asks for something to be done and resolves when it is. Rejects with `EngineRefused`, whose message is a sentence for
   * a person, or `EngineSilent` where no answer comes within `timeoutMs` (default: as long as that may take at worst).
   */
  request(kind: EngineRequestKind, engine: EngineName, timeoutMs?: number): Promise<void>
  /** Asks for a service to be started or stopped; as `request`. */
  requestService(asked: ServiceOrder): Promise<void>
  /** Calls `listener` with all states at every change; the answer ends that. */
  onChange(listener: (states: readonly EngineStatus[]) => void): () => void
  /** Ends what waits. */
  close(): void
}

/** A `ServiceRequest` before it has its number. */
export type ServiceOrder =
  | Omit<Extract<ServiceRequest, { kind: 'service.start' }>, 'id'>
  | Omit<Extract<ServiceRequest, { kind: 'service.stop' }>, 'id'>

/** The supervisor said no, or there is none: nothing was done. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused'
}

/** No answer came: whether it was done is not known. */
export class EngineSilent extends Error {
  override readonly name = 'EngineSilent'
}

type Send = (
  message: WebToSupervisor,
  handle: undefined,
  options: undefined,
  done: (error: Error | null) => void,
) => boolean

/** What of `process` is used: present where this process was started with an IPC channel. */
export interface SupervisorChannel {
  connected?: boolean | undefined
  send?: Send | undefined
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
  off(event: 'message', listener: (message: unknown) => void): unknown
  off(event: 'disconnect', listener: () => void): unknown
}

/** The first start of Kafka brings its files to the machine, which may take minutes. */
const patienceMs: Record<EngineRequestKind, number> = {
  'engine.start': 600_000,
  'engine.stop': 30_000,
  'engine.kill': 10_000,
  'engine.pause': 5_000,
  'engine.resume': 5_000,
}

/** A service that is stopped may take its grace time, and is then started. */
const servicePatienceMs = 90_000

interface Waiting {
  resolve(): void
  reject(error: Error): void
  timer: NodeJS.Timeout
}

export function openEngineClient(channel: SupervisorChannel): EngineClient {
  const waiting = new Map<number, Waiting>()
  const listeners = new Set<(states: readonly EngineStatus[]) => void>()
  let managed = channel.connected === true && channel.send !== undefined
  let states: readonly EngineStatus[] = []
  let lastId = 0
  let spoke: () => void = () => undefined
  const known = managed
    ? new Promise<void>((resolve) => {
        spoke = resolve
      })
    : Promise.resolve()

  const settle = (id: number, end: (entry: Waiting) => void): void => {
    const entry = waiting.get(id)
    if (entry === undefined) return
    waiting.delete(id)
    clearTimeout(entry.timer)
    end(entry)
  }
  const take = (message: unknown): void => {
    const parsed = supervisorToWeb.safeParse(message)
    // Other code may use the channel for itself; a message of another kind is not ours.
    if (!parsed.success) return
    const said = parsed.data
    if (said.kind === 'engines') {
      states = said.engines
      spoke()
      for (const listener of listeners) listener(states)
    } else {
      settle(said.id, ({ resolve, reject }) =>
        said.ok ? resolve() : reject(new EngineRefused(said.error ?? 'the supervisor refused it and did not say why')),
      )
    }
  }
  const lost = (): void => {
    managed = false
    states = []
    spoke()
    for (const id of [...waiting.keys()])
      settle(id, ({ reject }) => reject(new EngineSilent('the supervisor is gone: start the lab again')))
    for (const listener of listeners) listener(states)
  }
  // A channel that closes at this moment says so twice: here, where it would else end the process, and by its event.
  const send = (message: WebToSupervisor): void => {
    channel.send?.(message, undefined, undefined, (error) => {
      if (error !== null && managed) lost()
    })
  }
  if (managed) {
    channel.on('message', take)
    channel.on('disconnect', lost)
    send({ kind: 'engines.watch' })
  }

  function ask(message: (id: number) => WebToSupervisor, name: string, timeoutMs: number): Promise<void> {
    if (!managed)
      return Promise.reject(new EngineRefused(`${name} is not run by this lab: start or stop it where it was started`))
    lastId += 1
    const asked = message(lastId)
    const id = lastId
    return new Promise<void>((resolve, reject) => {
      const late = () =>
        new EngineSilent(`the supervisor gave no answer to ${asked.kind} ${name} within ${timeoutMs} ms`)
      const timer = setTimeout(() => settle(id, (entry) => entry.reject(late())), timeoutMs)
      waiting.set(id, { resolve, reject, timer })
      send(asked)
    })
  }

  return {
    managed: () => managed,
    states: () => states,
    state: (engine) => states.find(({ name }) => name === engine),
    known: () => known,
    request: (kind, engine, timeoutMs = patienceMs[kind]) => ask((id) => ({ id, kind, engine }), engine, timeoutMs),
    requestService: (asked) =>
      ask(
        (id) => ({ id, ...asked }),
        asked.kind === 'service.start' ? asked.service.name : asked.name,
        servicePatienceMs,
      ),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      channel.off('message', take)
      channel.off('disconnect', lost)
      for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(new EngineSilent('web is being stopped')))
    },
  }
}
