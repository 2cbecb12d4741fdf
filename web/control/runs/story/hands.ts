import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { LineOf, LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import { storySamples } from '#contracts/scenario-run/story-line.ts'

type Record_<Kind extends TelemetryRecord['kind']> = Extract<TelemetryRecord, { kind: Kind }>

interface Left {
  line: Omit<LineOf<'hands'>, 'kind' | 't'>
  /** Not delivered again yet, and delivered again without an effect that is known. */
  ids: Set<string>
  again: Set<string>
}

/** Ends of processes whose messages are followed; those after it are named without. */
const endsMax = 50
/** Messages that a worker is remembered to have in flight: what it takes at once is far less. */
const inHandMax = 20_000

/** Knows which messages each worker has taken and not settled, and follows those that a process left behind when it ended. */
export class Hands {
  readonly #into: (at: number) => number
  readonly #byInstance = new Map<string, { group: string; ids: Set<string> }>()
  readonly #left: Left[] = []

  constructor(into: (at: number) => number) {
    this.#into = into
  }

  started({ group, instance, deliveries }: Record_<'delivery.started'>): void {
    const hand = this.#byInstance.get(instance) ?? { group, ids: new Set() }
    this.#byInstance.set(instance, hand)
    for (const { id, receivedAt } of deliveries) {
      if (hand.ids.size < inHandMax) hand.ids.add(id)
      for (const { line, ids, again } of this.#left) {
        if (line.group !== group || !ids.delete(id)) continue
        again.add(id)
        line.again += 1
        line.firstAt = Math.min(line.firstAt ?? Number.POSITIVE_INFINITY, this.#into(receivedAt))
      }
    }
  }

  ended({ group, deliveries }: Record_<'delivery.ended'>): void {
    for (const { line, again } of this.#left) {
      if (again.size === 0 || line.group !== group) continue
      for (const { id, outcome, effect } of deliveries) {
        if (outcome !== 'ok' || !again.delete(id)) continue
        if (effect?.suppressed) line.afterEffect += 1
      }
    }
  }

  settled({ instance, ids }: Record_<'delivery.settled'>): void {
    const hand = this.#byInstance.get(instance)
    for (const id of ids) hand?.ids.delete(id)
  }

  /** Answers how many messages the process had in flight; undefined if it takes none. */
  processEnded({ instance, at }: Record_<'process.ended'>): number | undefined {
    const hand = this.#byInstance.get(instance)
    this.#byInstance.delete(instance)
    if (!hand) return undefined
    const { group, ids } = hand
    if (ids.size > 0 && this.#left.length < endsMax) {
      this.#left.push({
        line: {
          ...{ group, instance, endedAt: this.#into(at), inHand: ids.size, again: 0, afterEffect: 0 },
          samples: [...ids].slice(0, storySamples),
        },
        ids,
        again: new Set(),
      })
    }
    return ids.size
  }

  lines(): LineWithoutTime[] {
    return this.#left.map(({ line }) => ({ kind: 'hands', ...line, samples: [...line.samples] }))
  }
}
