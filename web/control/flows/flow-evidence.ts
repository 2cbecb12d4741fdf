import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { AnomalyBook } from '../ledger/anomaly-book.ts'
import type { FlowEvidence } from '../verdict/verdict.ts'
import { type FlowListSources, flowWords } from './flow-list.ts'

/** Flows of one anomaly that a verdict names. */
const named = 3

/** What a verdict says of flows; undefined if none is declared and none ever was. */
export function flowEvidence(sources: FlowListSources, anomalies: AnomalyBook): FlowEvidence | undefined {
  const { book } = sources
  const figures = book.figures()
  if (figures.length === 0) return undefined
  const wordsOf = (anomaly: AnomalyName): string[] =>
    anomalies
      .samplesOf(anomaly)
      .slice(0, named)
      .flatMap((id) => {
        const row = book.store.find(id)
        return row === undefined ? [] : [flowWords(sources, row)]
      })
  return {
    open: figures.reduce((sum, { open }) => sum + open, 0),
    undecided: book.undecided,
    examples: {
      stalled_flow: wordsOf('stalled_flow'),
      conflicting_outcomes: wordsOf('conflicting_outcomes'),
    },
    breaches: figures.flatMap(({ flow, started, open, ended, overdue, conflicting }) => {
      if (started === open + ended + overdue && Math.min(open, ended, overdue, conflicting) >= 0) return []
      return [`${flow}: started ${started}, the sum of open ${open}, ended ${ended} and overdue ${overdue}`]
    }),
  }
}
