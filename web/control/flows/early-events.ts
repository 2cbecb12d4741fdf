/** Flows of which events are kept though their first one was not reported; the oldest ones are forgotten. */
const keptFlows = 10_000

export type EarlyState = [correlationId: string, events: [id: string, type: string][]][]

/** Events of flows whose first event was not reported yet: it comes through another sidecar. */
export class EarlyEvents {
  readonly #flows = new Map<string, Map<string, string>>()

  add(correlationId: string, id: string, type: string): void {
    let events = this.#flows.get(correlationId)
    if (!events) {
      events = new Map()
      this.#flows.set(correlationId, events)
      const [oldest] = this.#flows.keys()
      if (this.#flows.size > keptFlows && oldest !== undefined) this.#flows.delete(oldest)
    }
    events.set(id, type)
  }

  /** The events of a flow whose first one is reported now: id and type. */
  take(correlationId: string): [id: string, type: string][] {
    const events = this.#flows.get(correlationId)
    if (!events) return []
    this.#flows.delete(correlationId)
    return [...events]
  }

  state(): EarlyState {
    return [...this.#flows].map(([id, events]) => [id, [...events]])
  }

  restore(state: EarlyState): void {
    for (const [id, events] of state) this.#flows.set(id, new Map(events))
  }
}
