/**
 * What looks wrong only because something was not heard of yet. It is judged when every source that could still explain
 * it has reported past the moment at which it came up.
 */
export type SuspicionKind = 'phantom' | 'lost' | 'double' | 'passed' | 'unsent' | 'gone' | 'uncaused'

export interface Suspicion {
  kind: SuspicionKind
  id: string
  /** Empty if no group is concerned. */
  group: string
  /** Epoch milliseconds by the control plane's clock. */
  since: number
}

export class Suspicions {
  readonly #waiting = new Map<string, Suspicion>()

  get size(): number {
    return this.#waiting.size
  }

  add(kind: SuspicionKind, id: string, group: string, since: number): void {
    const key = suspicionKey(kind, id, group)
    if (!this.#waiting.has(key)) this.#waiting.set(key, { kind, id, group, since })
  }

  drop({ kind, id, group }: Pick<Suspicion, 'kind' | 'id' | 'group'>): void {
    this.#waiting.delete(suspicionKey(kind, id, group))
  }

  /** Those of a kind. */
  of(kind: SuspicionKind): Suspicion[] {
    return [...this.#waiting.values()].filter((suspicion) => suspicion.kind === kind)
  }

  /** How each that waits is named: `kind id group`. */
  keys(): string[] {
    return [...this.#waiting.keys()]
  }

  /** Those that can be judged: `coveredAt` is the moment up to which nothing that could explain one is missing. */
  ripe(coveredAt: (suspicion: Suspicion) => number | undefined): Suspicion[] {
    return [...this.#waiting.values()].filter((suspicion) => {
      const covered = coveredAt(suspicion)
      return covered !== undefined && covered >= suspicion.since
    })
  }
}

/** Names a suspicion: `kind id group`. */
export const suspicionKey = (kind: SuspicionKind, id: string, group: string): string => `${kind} ${id} ${group}`
