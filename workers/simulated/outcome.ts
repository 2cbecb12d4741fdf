import { drawOf } from '#contracts/faults/victims.ts'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { workMs } from './work-time.ts'

export type SimulatedBody = Extract<ServiceBody, { kind: 'simulated' }>

/** What one attempt of a simulated service comes to. */
export interface SimulatedOutcome {
  workMs: number
  /** Type of its error; absent if it does not fail. */
  errorType?: string
  /** Event types that it sends if it does not fail. */
  sends: string[]
}

/**
 * The outcome for a message and an attempt, which seed, message and attempt decide alone: it is the same in every replica and on every run.
 * What it sends does not depend on the attempt, as a real service keeps a decision that it has made.
 */
export function outcomeOf(body: SimulatedBody, id: string, attempt: number): SimulatedOutcome {
  const draw = (what: string): number => drawOf(body.seed, `${what} ${id}`)
  const { share, errorType } = body.fails
  return {
    workMs: workMs(body.work, [draw(`work ${attempt}`), draw(`spread ${attempt}`)]),
    ...(draw(`fails ${attempt}`) < share ? { errorType } : {}),
    sends: drawnSends(body.sends, draw('sends')),
  }
}

/**
 * The types whose place is drawn. Each takes as much room as its chance, one behind the other and round again, so that each is sent as often
 * as it says; and those that together have at most the chance of 1 exclude each other, as the outcomes of one decision do.
 */
function drawnSends(sends: SimulatedBody['sends'], draw: number): string[] {
  let from = 0
  return Object.entries(sends).flatMap(([type, { chance }]) => {
    const to = from + chance
    const isDrawn = (from <= draw && draw < to) || draw + 1 < to
    from = to % 1
    return isDrawn ? [type] : []
  })
}
