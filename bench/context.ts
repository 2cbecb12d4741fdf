import type { Lab } from '../test/lab.ts'
import type { Witness } from './witness.ts'

export interface BenchContext {
  lab: Lab
  witness: Witness
  /** Repetitions of each timed side. */
  repetitions: number
  /** Messages of one timed repetition. */
  count: number
  /** Messages of the memory row. */
  messages: number
}
