import type { TraceStore } from '../journeys/trace-store.ts'
import type { AnomalyBook } from '../ledger/anomaly-book.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { FlowBook } from './flow-book.ts'
import type { FlowSources } from './flow-sources.ts'

/** A flow book over the ledger and the journeys given, which tell it what is open. `kept`: ended flows that it keeps. */
export function openFlowBook(
  parts: { ledger: Ledger; traces: TraceStore; anomalies: AnomalyBook } & Pick<FlowSources, 'ended' | 'now'>,
  kept?: number,
): FlowBook {
  const { ledger, traces, anomalies, ...sources } = parts
  const book = new FlowBook(
    {
      ...sources,
      find(id) {
        const found = ledger.find(id)
        return found && traces.get(found.sequence, found.seq)
      },
      isOpen: (journey) => journey.order >= 0 && traces.isOpen(journey),
      wasReported(id) {
        const found = ledger.find(id)
        return found !== undefined && ledger.wasAttempted(found.sequence, found.seq)
      },
      raise: (name, id, at) => anomalies.raise(name, id, at),
      retract: (name, id) => anomalies.retract(name, id),
    },
    kept,
  )
  traces.onOpen = (journey, change) => book.opened(journey, change)
  return book
}
