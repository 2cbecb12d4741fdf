import { addEmission, hasEmission } from '../../ledger/add-emission.ts'
import type { AnomalyBook } from '../../ledger/anomaly-book.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Suspicions } from '../../ledger/suspicions.ts'
import type { FlowTracker } from '../flow-tracker.ts'
import { type LedgerSink, obligationKey } from './ledger-sink.ts'

export interface LiveBooks extends Pick<LedgerSink, 'repeated' | 'unreported' | 'audited'> {
  ledger: Ledger
  anomalies: AnomalyBook
  suspicions: Suspicions
  flows: FlowTracker
  /** Epoch milliseconds by the control plane's clock. */
  now(): number
}

/** Enters what is said: records come for the first time, or are read again since the checkpoint. */
export function liveSink(books: LiveBooks): LedgerSink {
  const { ledger, anomalies, suspicions, flows, now, repeated, unreported, audited } = books
  return {
    flows,
    beginsJourney: (isNew) => isNew,
    beginsWithAnswer: (sequence, seq) => !ledger.wasAttempted(sequence, seq),
    hasOnlyBits: (sequence, seq) => ledger.isFinal(sequence, seq),
    hasEnded: (sequence) => sequence.ended,
    stateOf: (sequence, seq, group) => ledger.stateOf(sequence, seq, group),
    move: (sequence, seq, group, from, to) => ledger.move(sequence, seq, group, from, to),
    settle: (sequence, seq, group, outcome, from) => void ledger.settle(sequence, seq, group, outcome, from),
    addEffect: (sequence, seq, group, isFound) => ledger.addEffect(sequence, seq, group, isFound),
    actedAgain: (id, group) => ledger.actedAgain.note(obligationKey(id, group)),
    handedOutInOrder(sequence, place, seq) {
      const isInOrder = seq >= (sequence.handedOut.get(place) ?? 0)
      if (isInOrder) sequence.handedOut.set(place, seq)
      return isInOrder
    },
    groupCounts: (topic, group) => ledger.groups.at(topic, group),
    addUnnamed: (broker, group, count) => ledger.unnamedDeadLetters.add(broker, group, count),
    emissionBegan: (run, id) => ledger.emissions.began(run, id),
    emissionAnswered: (run, id, isAccepted) => ledger.emissions.answered(run, id, isAccepted),
    awaitsEmission: (run) => ledger.emissions.awaits(run),
    runEnded: (run, isDone) => ledger.emissions.ended(run, isDone),
    takeDelivered: () => ledger.emissions.takeDelivered(),
    hasEmission: (cause, type) => hasEmission(ledger, cause, type),
    addEmission: (cause, type) => addEmission(ledger, cause, type),
    sendBack: (id, group, at) => void ledger.redriving.set(obligationKey(id, group), at),
    sentBackAt: (id, group) => ledger.redriving.get(obligationKey(id, group)),
    stayDead: (id, group) => void ledger.redriving.delete(obligationKey(id, group)),
    redrive(sequence, seq, group) {
      ledger.redriving.delete(obligationKey(sequence.prefix + seq, group))
      ledger.redrive(sequence, seq, group)
    },
    countOfBurst: (burstId, what, at) => ledger.bursts.count(burstId, what, at),
    raise: (name, id, at, group) => anomalies.raise(name, id, at, group),
    raiseOnce(name, id, at, group) {
      if (ledger.found.note(`${name} ${id} ${group ?? ''}`)) anomalies.raise(name, id, at, group)
    },
    retract: (name, id, group) => anomalies.retract(name, id, group),
    suspect: (kind, id, group) => suspicions.add(kind, id, group, now()),
    excuse: (id, group) => void ledger.doubled.add(obligationKey(id, group)),
    isExcused: (id, group) => ledger.doubled.has(obligationKey(id, group)),
    repeated,
    unreported,
    audited(at, accounts) {
      // What could not be judged for the gap is accounted for.
      if (accounts) for (const key of suspicions.keys()) ledger.excused.add(key)
      audited(at, accounts)
    },
  }
}
