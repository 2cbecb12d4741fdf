import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { Lab } from '../test/lab.ts'
import type { Witness } from './witness.ts'

export interface BenchContext {
  lab: Lab
  witness: Witness
  /** Repetitions of each timed side. */
  repetitions: number
  /** Messages of one timed repetition. */
  count: number
  /** Brokers of the rows that move from one to the next. */
  brokers: readonly BrokerName[]
  /** Messages of the memory row. */
  messages: number
}
