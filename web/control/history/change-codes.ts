import { obligationCounts, publishOutcomes } from '../ledger/counters.ts'
import type { ObligationCount, PublishCount } from '../ledger/ledger-changes.ts'

/**
 * A step in one byte: whether it is an obligation's, and the numbers of the two counts, 0 for none. The numbers are on users' disks:
 * add at the end of either list, never in between.
 */
const obligationBit = 0x80
const publishNumbers = numbersOf(publishOutcomes)
const obligationNumbers = numbersOf(obligationCounts)

/** A step of a publish or of an obligation. `from` undefined: it is new. */
export type ChangeStep =
  | { of: 'publish'; from: PublishCount | undefined; to: PublishCount }
  | { of: 'obligation'; from: ObligationCount | undefined; to: ObligationCount }

export const publishCode = (from: PublishCount | undefined, to: PublishCount): number =>
  (from === undefined ? 0 : publishNumbers[from] << 3) | publishNumbers[to]

export const obligationCode = (from: ObligationCount | undefined, to: ObligationCount): number =>
  obligationBit | (from === undefined ? 0 : obligationNumbers[from] << 3) | obligationNumbers[to]

/** Of the first thing that is reported of a message by its producer. */
export const newPublish = publishCode(undefined, 'open')

/** The step of a code; undefined if no version of this program wrote it. */
export const stepOf = (code: number): ChangeStep | undefined => steps.get(code)

const steps = new Map<number, ChangeStep>([
  ...pairs(publishOutcomes).map(([from, to]): [number, ChangeStep] => [
    publishCode(from, to),
    { of: 'publish', from, to },
  ]),
  ...pairs(obligationCounts).map(([from, to]): [number, ChangeStep] => [
    obligationCode(from, to),
    { of: 'obligation', from, to },
  ]),
])

function numbersOf<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, index + 1])) as Record<Name, number>
}

function pairs<Name extends string>(names: readonly Name[]): [from: Name | undefined, to: Name][] {
  return [undefined, ...names].flatMap((from) => names.map((to): [Name | undefined, Name] => [from, to]))
}
