import type { FlowQuery } from '#contracts/api/flow.ts'
import type { Journey } from '#contracts/api/journey.ts'
import type { FlowDeclaration } from '#contracts/lab-declaration.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import { flowEvidence } from './flows/flow-evidence.ts'
import { listFlows } from './flows/flow-list.ts'
import { viewOfFlow } from './flows/flow-view.ts'
import { openFlowBook } from './flows/open-flow-book.ts'
import type { Resolution } from './journeys/apply/apply-resolution.ts'
import type { JourneyRecord } from './journeys/journey-record.ts'
import type { TraceStore } from './journeys/trace-store.ts'
import type { AnomalyBook } from './ledger/anomaly-book.ts'
import type { Ledger } from './ledger/ledger.ts'
import { flowsCollector } from './metrics/collectors/flows-collector.ts'

const duration = 'faultline_flow_duration_seconds'

/** Follows flows: their book, and what API, verdict and Prometheus see of it. */
export function openFlows(parts: {
  ledger: Ledger
  traces: TraceStore
  anomalies: AnomalyBook
  /** The flows that are declared now. */
  declared: () => readonly FlowDeclaration[]
  meters: Pick<Meters, 'observe' | 'addCollector'>
  find(id: string): JourneyRecord | undefined
  view(journey: JourneyRecord): Journey
  /** Whether what is reported happens now, and is not read again. */
  isLive(): boolean
  /** Epoch milliseconds. */
  now(): number
}) {
  const { ledger, traces, anomalies, declared, meters, find, view, isLive, now } = parts
  const book = openFlowBook({
    ...{ ledger, traces, anomalies, now },
    ended(flow, ended_by, tookMs) {
      if (isLive()) meters.observe(duration, { flow, ended_by }, tookMs / 1_000)
    },
  })
  const sources = { book, find, view }
  meters.addCollector(flowsCollector(() => book.figures()))
  return {
    book,
    declared,
    evidence: () => flowEvidence(sources, anomalies),
    /** What has stalled; `covered` as `FlowBook.look` takes it. */
    decide(covered: number | undefined): Resolution[] {
      // Shown as soon as it is declared, and written into the journal before the next frame.
      if (book.kinds.declared !== declared()) book.declare(declared())
      return book.look(covered).map((flow) => ({ what: 'stalled', ...flow }))
    },
    /** What the API answers and frames carry. */
    shown: {
      figures: () => book.figures(),
      list: (query: FlowQuery) => listFlows(sources, query),
      view: (id: string) => viewOfFlow(sources, id),
    },
  }
}
