import type { ServiceDeclaration } from '#contracts/lab-declaration.ts'
import { type SupervisorToWeb, type WebToSupervisor, webToSupervisor } from '#contracts/protocols/engine.ts'
import type { PartChannel } from '../process/part.ts'
import type { Engine } from './engine.ts'

export interface EngineChannel extends PartChannel {
  /** Says the states to web, if it has asked for them. */
  push(): void
}

/** Starts and stops the services of the lab. Each rejects with a sentence. */
export interface ServiceHands {
  start(service: ServiceDeclaration, hopLimit: number): Promise<void>
  stop(name: string): Promise<void>
}

/** The supervisor's end of `contracts/protocols/engine.ts`. */
export function engineChannel(engines: readonly Engine[], services: ServiceHands): EngineChannel {
  let send: ((message: SupervisorToWeb) => void) | undefined
  let watching = false

  const push = (): void => {
    if (watching) send?.({ kind: 'engines', engines: engines.map((engine) => engine.status()) })
  }
  async function carryOut(asked: Exclude<WebToSupervisor, { kind: 'engines.watch' }>): Promise<void> {
    if (asked.kind === 'service.start') return services.start(asked.service, asked.hopLimit)
    if (asked.kind === 'service.stop') return services.stop(asked.name)
    const { kind, engine: name } = asked
    const engine = engines.find((entry) => entry.name === name)
    if (engine === undefined)
      throw new Error(`${name} is not run by this lab: it was given by its address; start or stop it where it runs`)
    if (kind === 'engine.start') await engine.start()
    if (kind === 'engine.stop') await engine.stop()
    if (kind === 'engine.kill') await engine.kill()
    if (kind === 'engine.pause') engine.pause()
    if (kind === 'engine.resume') engine.resume()
  }

  return {
    push,
    opened(to) {
      send = to
      watching = false
    },
    closed() {
      send = undefined
    },
    message(message) {
      const parsed = webToSupervisor.safeParse(message)
      // Web is of the same build: anything else on the channel is not meant for this.
      if (!parsed.success) return
      const asked = parsed.data
      if (asked.kind === 'engines.watch') {
        watching = true
        push()
        return
      }
      // The process that asked may be gone when it is done, and its successor did not ask.
      const answer = send
      const { id } = asked
      carryOut(asked).then(
        () => answer?.({ kind: 'engine.answer', id, ok: true }),
        (error: unknown) =>
          answer?.({
            kind: 'engine.answer',
            id,
            ok: false,
            error: error instanceof Error ? error.message : String(error),
          }),
      )
    },
  }
}
