/** What the control plane has begun that can still make messages. */
export interface InFlight {
  /** Publishes without an answer. */
  publishes: number
  /** Ids of bursts that run. */
  bursts: string[]
  /** Ids of redrives that run or wait for their canary. */
  redrives: string[]
}

/** A burst or a redrive, which publishes by itself. */
export interface MessageSource {
  /** What it has in flight; of one event type where `type` is given and the source knows types. */
  inFlight(type?: string): Partial<InFlight>
  /** Asks what runs to end; absent if it ends by itself. */
  stop?(): Promise<void>
}

/**
 * Whether a message may start on its way, and what is on its way. Sources add themselves and ask before they begin; whoever
 * needs the lab empty closes the gate and knows none of them.
 *
 * OPEN ⇄ CLOSED. Open: publishes, bursts and redrives may start. Closed: none may, and the caller gets the reason. What is in flight
 * when it closes goes on.
 */
export interface Gate {
  /** Why nothing may start now; undefined while the gate is open. */
  refusal(): string | undefined
  /** Closes it; if it is closed already, for this reason from now on. */
  close(reason: string): void
  open(): void
  add(source: MessageSource): void
  /** What all sources together have in flight; of one event type where given. */
  inFlight(type?: string): InFlight
  /** Asks every source to end what it can end. Resolves when all were asked. */
  stopSources(): Promise<void>
}

type GateState = { kind: 'open' } | { kind: 'closed'; reason: string }

export function createGate(): Gate {
  const sources: MessageSource[] = []
  let state: GateState = { kind: 'open' }
  return {
    refusal: () => (state.kind === 'closed' ? state.reason : undefined),
    close(reason) {
      state = { kind: 'closed', reason }
    },
    open() {
      state = { kind: 'open' }
    },
    add: (source) => void sources.push(source),
    inFlight(type) {
      const parts = sources.map((source) => source.inFlight(type))
      return {
        publishes: parts.reduce((sum, { publishes = 0 }) => sum + publishes, 0),
        bursts: parts.flatMap(({ bursts = [] }) => bursts),
        redrives: parts.flatMap(({ redrives = [] }) => redrives),
      }
    },
    async stopSources() {
      await Promise.all(sources.map((source) => source.stop?.()))
    },
  }
}
