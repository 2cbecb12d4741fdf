import type { FlowFigures } from '#contracts/api/flow.ts'
import type { CheckValues, Condition } from '#contracts/api/run.ts'

const picks: Record<string, (figures: FlowFigures, end: string | undefined) => number> = {
  'flow.started': ({ started }) => started,
  'flow.ended': ({ ended, endedBy }, end) => (end === undefined ? ended : (endedBy[end] ?? 0)),
  'flow.conflicting': ({ conflicting }) => conflicting,
}

/** What is counted whenever it began: a flow from before the run that is still open is open. */
const standing: Record<string, (figures: FlowFigures) => number> = {
  'flow.open': ({ open }) => open,
  'flow.overdue': ({ overdue }) => overdue,
}

/** What a condition on flows looks at, by the flow's name. `before`: the figures at the begin of the run. Empty if there is no such flow. */
export function flowValues(
  { metric, of, end }: Pick<Condition, 'metric' | 'of' | 'end'>,
  now: readonly FlowFigures[],
  before: readonly FlowFigures[],
): CheckValues {
  const asked = now.filter(({ flow }) => of === undefined || flow === of)
  const current = standing[metric]
  if (current) return Object.fromEntries(asked.map((figures) => [figures.flow, current(figures)]))
  const pick = picks[metric]
  if (!pick) return {}
  return Object.fromEntries(
    asked.map((figures) => {
      const earlier = before.find(({ flow }) => flow === figures.flow)
      return [figures.flow, pick(figures, end) - (earlier ? pick(earlier, end) : 0)]
    }),
  )
}
