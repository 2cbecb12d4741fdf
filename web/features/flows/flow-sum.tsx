'use client'

import type { FlowFigures, FlowState } from '#contracts/api/flow.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { count } from '../words/figures.ts'

interface FlowSumProps {
  figures: FlowFigures
  /** The state that is listed now. */
  state: FlowState | undefined
}

/** started = open + ended + overdue of one declared flow: every number lists its flows. */
export function FlowSum({ figures, state }: FlowSumProps) {
  const ends = Object.entries(figures.endedBy).map(([type, flows]) => `${count(flows)} by ${type}`)
  const link = (number: number, word: string, of: FlowState | undefined) => (
    <RouteLink
      className={cn('whitespace-nowrap text-fg-2', state === of && of !== undefined && 'text-accent-fg')}
      patch={{ flowName: figures.flow, flowState: of }}
      aria-current={state === of ? 'true' : undefined}
    >
      <b className={cn('font-medium', state !== of && 'text-fg')}>{count(number)}</b> {word}
    </RouteLink>
  )
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-2 border-b border-line px-4 text-fg-3">
      <span>Flow</span>
      <b className="mr-2 font-medium text-fg">{figures.flow}</b>
      {link(figures.started, 'started', undefined)}
      <span>=</span>
      {link(figures.open, 'open', 'open')}
      <span>+</span>
      {link(figures.ended, 'ended', 'ended')}
      <span>+</span>
      {link(figures.overdue, 'overdue', 'overdue')}
      <span className="flex-1" />
      <span className="min-w-0 truncate type-11">
        {ends.length === 0 ? '' : `ended: ${ends.join(', ')}`}
        {figures.conflicting === 0 ? null : (
          <>
            {ends.length === 0 ? '' : ', '}
            <RouteLink patch={{ flowName: figures.flow, flowState: 'conflicting' }}>
              {count(figures.conflicting)} conflicting
            </RouteLink>
          </>
        )}
      </span>
    </div>
  )
}
