import type { ApplyContext } from '../journeys/apply/apply-context.ts'
import { isBelated, isCaused } from '../journeys/apply/emissions.ts'
import { interruptRuns } from '../journeys/apply/obligations.ts'
import { isSettled } from '../journeys/journey-record.ts'
import { bitsOf, chunkSize } from '../ledger/bit-plane.ts'

/**
 * Journeys were made again from the journal. Processes that have ended since hold nothing; and what is in flight or held back
 * is counted from the journeys, since only they say so.
 */
export function afterRestart(context: ApplyContext): void {
  const { ledger, traces, runs } = context
  for (const [, , counts] of ledger.groups.entries()) {
    counts.waiting += counts.handling + counts.retrying
    counts.handling = 0
    counts.retrying = 0
  }
  for (const { sequence, seq, obligations } of traces.slots.all()) {
    for (const { group, state } of obligations) {
      if (state === 'handling' || state === 'retrying') ledger.move(sequence, seq, group, 'waiting', state)
    }
  }
  for (const instance of runs.instances()) interruptRuns(context, instance)
}

/** Suspicions are not stored: they are found again in what is kept. */
export function suspectAnew(context: ApplyContext): void {
  const { ledger, traces, suspicions } = context
  const now = context.now()
  for (const sequence of ledger.sequences()) {
    for (const seq of sequence.holes()) {
      if (!sequence.unsent.has(seq)) suspicions.add('unsent', sequence.prefix + seq, '', now)
    }
    for (const [number, chunk] of sequence.chunks) {
      const idAt = (index: number): string => sequence.prefix + (number * chunkSize + index + 1)
      for (const [group, { owed, delivered, deadLettered }] of chunk.groups) {
        const { attempted, phantom } = chunk
        for (let word = 0; word < owed.length; word += 1) {
          const unheard = (owed[word] ?? 0) & ~(attempted[word] ?? 0) & ~(phantom[word] ?? 0)
          for (const index of bitsOf(unheard, word)) suspicions.add('phantom', idAt(index), '', now)
          const both = (delivered[word] ?? 0) & (deadLettered[word] ?? 0)
          for (const index of bitsOf(both, word)) suspicions.add('double', idAt(index), group, now)
        }
      }
    }
  }
  for (const journey of traces.slots.all()) {
    const cause = journey.chained?.cause
    if (cause && !isCaused(context, journey, cause) && !isBelated(context, journey, cause))
      suspicions.add('uncaused', journey.id, cause.group, now)
    for (const obligation of journey.obligations) {
      if (obligation.passed && !isSettled(obligation)) suspicions.add('lost', journey.id, obligation.group, now)
    }
  }
}
