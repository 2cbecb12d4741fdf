import { newGroupCounts } from '../../ledger/counters.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { noFlows } from '../flow-tracker.ts'
import { type LedgerSink, obligationKey } from './ledger-sink.ts'

const ignore = (): void => undefined

/**
 * Journeys are made again of records that the ledger has in it already, up to the checkpoint or for a recall. The ledger is ahead of
 * what is read: it may know of a settlement or a redrive that comes later in the journal. So it is neither changed nor asked what
 * became of an obligation.
 */
export function replaySink(ledger: Ledger): LedgerSink {
  const counts = newGroupCounts()
  return {
    flows: noFlows,
    beginsJourney: () => true,
    beginsWithAnswer: (sequence, seq) => !ledger.wasAttempted(sequence, seq) || !ledger.isFinal(sequence, seq),
    hasOnlyBits: () => false,
    hasEnded: () => false,
    stateOf: () => 'none',
    move: ignore,
    settle: ignore,
    addEffect: () => true,
    actedAgain: () => false,
    handedOutInOrder: () => true,
    groupCounts: () => counts,
    addUnnamed: ignore,
    emissionBegan: ignore,
    emissionAnswered: ignore,
    awaitsEmission: (run) => ledger.emissions.awaits(run),
    runEnded: ignore,
    takeDelivered: () => [],
    hasEmission: () => false,
    addEmission: () => true,
    sendBack: ignore,
    sentBackAt: () => undefined,
    stayDead: ignore,
    redrive: ignore,
    countOfBurst: ignore,
    raise: ignore,
    raiseOnce: ignore,
    retract: ignore,
    suspect: ignore,
    excuse: ignore,
    isExcused: (id, group) => ledger.doubled.has(obligationKey(id, group)),
    repeated: ignore,
    unreported: ignore,
    audited: ignore,
  }
}
