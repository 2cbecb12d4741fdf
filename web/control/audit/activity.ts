import type { Ledger } from '../ledger/ledger.ts'

/** A text that changes with everything that telemetry reports of a message: two that are alike mean that nothing was reported between. */
export function activityOf(ledger: Ledger): string {
  const { publishes, groups, redriving, unnamedDeadLetters, doubled } = ledger
  return JSON.stringify([
    [...publishes.entries()],
    [...groups.entries()],
    ...[redriving.size, doubled.size],
    unnamedDeadLetters.state(),
  ])
}
