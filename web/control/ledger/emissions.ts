import type { EmissionCause } from '#contracts/protocols/telemetry.ts'

/** A handler run as it was reported. */
export type EmittingRun = Pick<EmissionCause, 'id' | 'group' | 'attempt' | 'receiveCount'>

interface Waiting {
  run: EmittingRun
  /** Events of the run that are not answered yet. */
  open: Set<string>
  /** One of them was refused: the run has not done what it should. */
  isBroken: boolean
  /** It says that it is done, though an event of it was not accepted yet. */
  isOver: boolean
}

export type EmissionsState = [run: EmittingRun, open: string[], isBroken: boolean, isOver: boolean][]

/**
 * Handler runs whose events are under way. A run that says it is done has delivered its message only when the broker has all that it sent.
 * Nothing is kept of a run all of whose events are accepted.
 */
export class Emissions {
  readonly #runs = new Map<string, Waiting>()
  #delivered: EmittingRun[] = []

  /** An event of the run is reported, before the broker was called. */
  began({ id, group, attempt, receiveCount }: EmittingRun, event: string): void {
    const run = { id, group, attempt, receiveCount }
    const waiting = this.#runs.get(keyOf(run)) ?? { run, open: new Set(), isBroken: false, isOver: false }
    this.#runs.set(keyOf(run), waiting)
    waiting.open.add(event)
  }

  /** The broker has an event of the run, or certainly not. */
  answered(run: EmittingRun, event: string, isAccepted: boolean): void {
    const waiting = this.#runs.get(keyOf(run))
    if (!waiting?.open.delete(event)) return
    if (!isAccepted) waiting.isBroken = true
    if (waiting.isBroken || waiting.open.size > 0) return
    this.#runs.delete(keyOf(run))
    if (waiting.isOver) this.#delivered.push(waiting.run)
  }

  /** Whether an event of the run is not accepted. */
  awaits(run: EmittingRun): boolean {
    return this.#runs.size > 0 && this.#runs.has(keyOf(run))
  }

  /** The run is over; `isDone`: it says that it did what the message asks for. Nothing waits for the events of others. */
  ended(run: EmittingRun, isDone: boolean): void {
    const waiting = this.#runs.size > 0 ? this.#runs.get(keyOf(run)) : undefined
    if (!waiting) return
    if (!isDone || waiting.isBroken) this.#runs.delete(keyOf(run))
    else waiting.isOver = true
  }

  /** Runs that were over and whose last event was accepted meanwhile: they have delivered their messages. Each is answered once. */
  takeDelivered(): EmittingRun[] {
    if (this.#delivered.length === 0) return none
    const delivered = this.#delivered
    this.#delivered = []
    return delivered
  }

  state(): EmissionsState {
    return [...this.#runs.values()].map(({ run, open, isBroken, isOver }) => [run, [...open], isBroken, isOver])
  }

  restore(state: EmissionsState): void {
    for (const [run, open, isBroken, isOver] of state) {
      this.#runs.set(keyOf(run), { run, open: new Set(open), isBroken, isOver })
    }
  }
}

const none: EmittingRun[] = []
const keyOf = ({ id, group, attempt, receiveCount }: EmittingRun): string => `${id} ${group} ${attempt} ${receiveCount}`
