'use client'

import { useMemo } from 'react'
import type { RunItem, ScenarioItem } from '#contracts/api/run.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { buttonClass } from '#web/ui/button.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { clock, dayAndTime } from '../../words/figures.ts'
import { brokerLabel, runView } from '../run-words.ts'
import { useRuns, useScenarios } from '../runs-queries.ts'
import { latestOf } from './run-filters.ts'
import { whyNot } from './scenario-words.ts'

/** Of the runs, so many are in the rail; the others are in the list of all. */
const mostRuns = 12
const row =
  'flex min-h-7 items-center gap-2 rounded-sm px-2 text-fg-2 hover:bg-hover hover:no-underline aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-fg glyph:size-3 glyph:flex-none glyph:text-tone glyph:[--ink:var(--surface)]'

/** What can be run, and what was run last. `runs`: those of one scenario where one is open. */
export function ScenarioRail({ scenario, run }: { scenario: string | undefined; run: string | undefined }) {
  const scenarios = useScenarios()
  const runs = useRuns()
  const broker = useLive((live) => live.lab?.broker)
  const latest = useMemo(() => latestOf(runs.data ?? []), [runs.data])
  const shown = (runs.data ?? []).filter(({ name }) => scenario === undefined || name === scenario)
  return (
    <nav className="flex min-h-0 flex-col gap-4 overflow-auto px-2 py-3" aria-label="Scenarios and runs">
      <section>
        <div className="flex min-h-6 items-center px-2">
          <h3 className="flex-1 type-12 font-semibold">Scenarios</h3>
          <RouteLink
            className={buttonClass('ghost', true, true)}
            path="/scenarios"
            patch={{ scenario: ownFile }}
            aria-label="A file of your own"
            title="A file of your own"
          >
            <Icon name="plus" size={12} />
          </RouteLink>
        </div>
        {scenarios.error ? <ProblemNote problem={scenarios.error} /> : null}
        <ul className="grid grid-cols-[minmax(0,1fr)]">
          {(scenarios.data ?? []).map((item) => (
            <li key={item.name}>
              <ScenarioLink item={item} latest={latest.get(item.name)} reason={whyNot(item, broker)} open={scenario} />
            </li>
          ))}
        </ul>
      </section>
      <section>
        <div className="flex min-h-6 items-center px-2">
          <h3 className="flex-1 type-12 font-semibold">Runs</h3>
          <RouteLink className="type-11" path="/scenarios" patch={{ scenario: undefined }}>
            All
          </RouteLink>
        </div>
        {runs.data && shown.length === 0 ? <p className="px-2 text-fg-3">None yet.</p> : null}
        <ul className="grid grid-cols-[minmax(0,1fr)]">
          {shown.slice(0, mostRuns).map((item) => (
            <li key={item.id}>
              <RunLink item={item} isOpen={item.id === run} isNamed={scenario === undefined} />
            </li>
          ))}
        </ul>
      </section>
    </nav>
  )
}

/** In place of the name of a scenario: a file of the reader's. */
export const ownFile = '+'

interface ScenarioLinkProps {
  item: ScenarioItem
  latest: RunItem | undefined
  /** Why it cannot be run here. */
  reason: string | undefined
  open: string | undefined
}

function ScenarioLink({ item: { name, title, problem }, latest, reason, open }: ScenarioLinkProps) {
  const { tone, glyph, word } = problem === undefined ? runView(latest?.verdict ?? 'inconclusive') : runView('fail')
  return (
    <RouteLink
      className={cn(row, toneClass[latest || problem !== undefined ? tone : 'idle'])}
      path="/scenarios"
      patch={{ scenario: name }}
      aria-current={open === name ? 'page' : undefined}
      title={reason ?? title ?? name}
    >
      <Glyph name={latest || problem !== undefined ? glyph : 'off'} />
      <span className="grid min-w-0 py-1">
        <span className={cn('truncate', reason !== undefined && 'text-fg-3')}>{name}</span>
        {reason === undefined ? null : <span className="truncate type-11 font-normal text-fg-3">{reason}</span>}
      </span>
      <span className="sr-only">
        {problem === undefined ? (latest ? `last run: ${word}` : 'not run yet') : 'the file is wrong'}
      </span>
    </RouteLink>
  )
}

function RunLink({ item, isOpen, isNamed }: { item: RunItem; isOpen: boolean; isNamed: boolean }) {
  const { tone, glyph, word } = runView(item.verdict)
  const isToday = new Date(item.startedAt).toDateString() === new Date().toDateString()
  return (
    <RouteLink
      className={cn(row, toneClass[tone])}
      path={`/scenarios/${item.id}`}
      patch={{ scenario: undefined }}
      aria-current={isOpen ? 'page' : undefined}
      title={`${item.name}, seed ${item.seed}, ${word}`}
    >
      <Glyph name={glyph} />
      <span className="min-w-0 flex-1 truncate">
        {isNamed ? item.name : `${brokerLabel(item.broker)}, seed ${item.seed}`}
      </span>
      <span className="sr-only">{word}</span>
      <span className="type-11 text-fg-3 tabular-nums">
        {isToday ? clock(item.startedAt).slice(0, 5) : dayAndTime(item.startedAt).split(' ').slice(0, 2).join(' ')}
      </span>
    </RouteLink>
  )
}
