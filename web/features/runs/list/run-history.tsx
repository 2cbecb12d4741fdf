'use client'

import { useMemo } from 'react'
import { keptJournalBytes, keptRuns, type RunItem } from '#contracts/api/run.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { go, setParams, usePlace } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { Select } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { stickyHead, tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { clock, dayAndTime, durationWords } from '../../words/figures.ts'
import { brokerLabel, runView } from '../run-words.ts'
import { useRuns } from '../runs-queries.ts'
import { chosenRuns, runFiltersOf } from './run-filters.ts'

const noQuery = new URLSearchParams()
const verdicts = ['pass', 'fail', 'inconclusive']

/** Every run that is kept, newest first. */
export function RunHistory({ readOnly = false }: { readOnly?: boolean }) {
  const { data, error, refetch } = useRuns()
  const query = usePlace()?.query ?? noQuery
  const filters = runFiltersOf(query)
  const all = data ?? []
  const shown = chosenRuns(all, filters)
  const names = useMemo(() => [...new Set((data ?? []).map(({ name }) => name))].sort(), [data])
  const brokers = useMemo(() => [...new Set((data ?? []).map(({ broker }) => broker))].sort(), [data])
  if (error && !data) {
    return (
      <Empty icon="alert" title={error.title} action={<Button onClick={() => void refetch()}>Try again</Button>}>
        {error.detail}
      </Empty>
    )
  }
  if (data && all.length === 0) {
    return (
      <Empty icon="play" title="Nothing was run yet">
        {readOnly
          ? 'Runs that are started on a wide screen are read here.'
          : 'Choose a scenario, read what it does, and run it.'}
      </Empty>
    )
  }
  const choice = (name: 'verdict' | 'on' | 'of', label: string, options: readonly string[]) => (
    <Select
      aria-label={label}
      boxClass="w-auto max-w-48"
      value={filters[name] ?? ''}
      onChange={({ target }) => setParams({ [name]: target.value }, { replace: true })}
    >
      <option value="">{label}</option>
      {options.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Select>
  )
  return (
    <section className="flex min-h-0 flex-1 flex-col" aria-label="Runs">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        {choice('verdict', 'Any verdict', verdicts)}
        {choice('on', 'Any broker', brokers)}
        {choice('of', 'Any scenario', names)}
        <span className="flex-1" />
        <span className="type-11 text-fg-3" role="status">
          {all.length === 1
            ? '1 run'
            : shown.length === all.length
              ? `${all.length} runs`
              : `${shown.length} of ${all.length} runs`}
        </span>
      </div>
      <div className="min-h-0 flex-1 overflow-auto" data-fades="">
        <table className={cn(tableClass, stickyHead)}>
          <thead>
            <tr>
              <th scope="col" className="w-30">
                Verdict
              </th>
              <th scope="col">Scenario</th>
              <th scope="col" className="w-18">
                Broker
              </th>
              <th scope="col" className="w-16 text-right! max-[599px]:hidden">
                Seed
              </th>
              <th scope="col" className="w-20 text-right! max-[599px]:hidden">
                Took
              </th>
              <th scope="col" className="w-28 text-right! max-[599px]:hidden">
                Started
              </th>
              {readOnly ? null : (
                <th scope="col" className="w-30">
                  <span className="sr-only">Compare</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((item) => (
              <HistoryRow key={item.id} item={item} readOnly={readOnly} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 type-11 text-fg-3">
        The newest {keptRuns} runs are kept, or as many as have room in {Math.round(keptJournalBytes / 1024 / 1024)} MB.
        A journal that you save is read here again, and by <code>faultline report</code>.
      </p>
    </section>
  )
}

function HistoryRow({ item, readOnly }: { item: RunItem; readOnly: boolean }) {
  const { word, tone, glyph } = runView(item.verdict)
  return (
    <tr title={item.reasons[0]}>
      <td>
        <Status tone={tone} glyph={glyph}>
          {word}
        </Status>
      </td>
      <td>
        <RouteLink path={`/scenarios/${item.id}`} patch={{ scenario: undefined }} className="text-fg">
          {item.name}
        </RouteLink>
      </td>
      <td>{brokerLabel(item.broker)}</td>
      <td className="text-right tabular-nums max-[599px]:hidden">{item.seed}</td>
      <td className="text-right tabular-nums max-[599px]:hidden">{durationWords(item.elapsedMs)}</td>
      <td className="text-right tabular-nums max-[599px]:hidden" title={clock(item.startedAt)}>
        {dayAndTime(item.startedAt)}
      </td>
      {readOnly ? null : (
        <td className="text-right">
          {item.verdict === undefined ? null : (
            <button
              type="button"
              className={buttonClass('ghost', true)}
              aria-label={`Compare ${item.id}`}
              onClick={() => go('/scenarios/compare', { a: item.id, b: undefined })}
            >
              <Icon name="chart" size={12} />
              Compare
            </button>
          )}
        </td>
      )}
    </tr>
  )
}
