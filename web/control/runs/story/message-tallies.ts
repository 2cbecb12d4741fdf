import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { LineOf, LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import { storySamples } from '#contracts/scenario-run/story-line.ts'

type Ended = Extract<TelemetryRecord, { kind: 'delivery.ended' }>['deliveries'][number]
type Tally = Pick<LineOf<'suppressed'>, 'count' | 'firstAt' | 'lastAt' | 'samples'>
type Retries = Tally & Pick<LineOf<'retries'>, 'messages' | 'errors'>
type Letters = Tally & Pick<LineOf<'dead_letters'>, 'reasons' | 'errors'>

/** Types of errors that are counted separately in a group; the others count as one. */
const errorTypesMax = 20

/** Counts by group what consumers decided after errors, and what their inboxes kept from being done twice. */
export class MessageTallies {
  readonly #into: (at: number) => number
  readonly #retries = new Map<string, Retries>()
  readonly #deadLetters = new Map<string, Letters>()
  readonly #suppressed = new Map<string, Tally>()

  /** `into` makes epoch milliseconds those into the run. */
  constructor(into: (at: number) => number) {
    this.#into = into
  }

  take(group: string, delivery: Ended): void {
    const { id, next, effect, attempt, error } = delivery
    const at = this.#into(delivery.endedAt)
    if (effect?.suppressed)
      hit(
        entry(this.#suppressed, group, () => newTally(at)),
        id,
        at,
      )
    if (next?.state === 'retrying') {
      const tally = entry(this.#retries, group, (): Retries => ({ ...newTally(at), messages: 0, errors: {} }))
      hit(tally, id, at)
      if (attempt === 1) tally.messages += 1
      addError(tally.errors, error?.type)
    } else if (next?.state === 'dead_lettered') {
      const tally = entry(this.#deadLetters, group, (): Letters => ({ ...newTally(at), reasons: {}, errors: {} }))
      hit(tally, id, at)
      tally.reasons[next.reason] = (tally.reasons[next.reason] ?? 0) + 1
      addError(tally.errors, error?.type)
    }
  }

  lines(): LineWithoutTime[] {
    return [
      ...[...this.#retries].map(([group, tally]) => ({ kind: 'retries' as const, group, ...structuredClone(tally) })),
      ...[...this.#deadLetters].map(([group, tally]) => ({
        ...{ kind: 'dead_letters' as const, group },
        ...structuredClone(tally),
      })),
      ...[...this.#suppressed].map(([group, tally]) => ({
        ...{ kind: 'suppressed' as const, group },
        ...structuredClone(tally),
      })),
    ]
  }
}

const newTally = (at: number): Tally => ({ count: 0, firstAt: at, lastAt: at, samples: [] })

function entry<Value>(map: Map<string, Value>, group: string, make: () => Value): Value {
  const found = map.get(group) ?? make()
  map.set(group, found)
  return found
}

function hit(tally: Tally, id: string, at: number): void {
  tally.count += 1
  tally.firstAt = Math.min(tally.firstAt, at)
  tally.lastAt = Math.max(tally.lastAt, at)
  if (tally.samples.length < storySamples && !tally.samples.includes(id)) tally.samples.push(id)
}

function addError(errors: Record<string, number>, type = 'no error'): void {
  const name = type in errors || Object.keys(errors).length < errorTypesMax ? type : 'others'
  errors[name] = (errors[name] ?? 0) + 1
}
