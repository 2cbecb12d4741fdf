import { cn } from '#web/ui/recipes/cn.ts'
import { count as figure } from '../../words/figures.ts'
import { barClass } from './waterfall-bar.tsx'

/** What an outlined bar is, if there is one, and that there are more than are drawn. */
export function ProgramSpansLegend({ count, leftOut }: { count: number; leftOut: number }) {
  if (count === 0) return null
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 type-11 text-fg-3">
      <SpanKey />
      {leftOut === 0
        ? null
        : `; ${figure(leftOut)} more of its trace are not drawn: beyond 200, or of no attempt that is known`}
    </p>
  )
}

export const SpanKey = () => (
  <span className="inline-flex items-center gap-1.5">
    <i className={cn(barClass({ kind: 'inner' }, 'idle'), 'static w-3.5')} aria-hidden="true" />a span of the program,
    by OpenTelemetry
  </span>
)
