import type { Obligation } from '#contracts/api/journey.ts'
import { handlerRuns, type StatusView } from '../../messages/message-status.ts'

/** The group's state in words, with its attempts; `redriven`: it was sent back from the dead letters. */
export function obligationStatus(obligation: Obligation, redriven = false): StatusView {
  const view = stateOf(obligation)
  if (!redriven) return view
  if (obligation.state === 'delivered') return { tone: 'retried', glyph: 'retried', label: 'redriven, delivered' }
  return { ...view, label: `redriven, ${view.label}` }
}

function stateOf(obligation: Obligation): StatusView {
  const runs = handlerRuns(obligation.attempts)
  const attempts = `${runs} ${runs === 1 ? 'attempt' : 'attempts'}`
  switch (obligation.state) {
    case 'waiting':
      return { tone: 'in-flight', glyph: 'waiting', label: 'waiting' }
    case 'handling':
      return { tone: 'in-flight', glyph: 'handling', label: `handling, attempt ${Math.max(1, runs)}` }
    case 'retrying':
      return { tone: 'retrying', glyph: 'retrying', label: `retrying after ${attempts}` }
    case 'delivered':
      return runs > 1
        ? { tone: 'retried', glyph: 'retried', label: `delivered after ${attempts}` }
        : { tone: 'delivered', glyph: 'delivered', label: 'delivered' }
    case 'dead_lettered':
      return { tone: 'dead', glyph: 'dead', label: `dead-lettered after ${attempts}` }
    case 'lost':
      return { tone: 'lost', glyph: 'lost', label: 'lost' }
  }
}
