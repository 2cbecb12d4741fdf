'use client'

import { useMemo } from 'react'
import type { Journey } from '#contracts/api/journey.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { sectionClass } from '#web/ui/recipes/panel-parts.ts'
import { useKnownFaults } from '../faults/known-faults.ts'
import { useMessageRedrives } from '../nodes/message-redrives.ts'
import { AttemptDetail, type SelectedAttempt } from './attempt-detail.tsx'
import { Effects } from './effects.tsx'
import { Payload } from './payload-versions.tsx'
import { ProgramSpanDetail } from './waterfall/program-span-detail.tsx'
import { ProgramSpansLegend } from './waterfall/program-spans-legend.tsx'
import { type Waterfall, waterfallOf } from './waterfall/waterfall-model.ts'
import { WaterfallView } from './waterfall/waterfall-view.tsx'

/** Waterfall, the selected attempt, effects and payload. */
export function JourneyTab({ journey }: { journey: Journey }) {
  const open =
    journey.obligations.some(({ state }) => ['waiting', 'handling', 'retrying'].includes(state)) ||
    journey.publish.state === 'attempted'
  // What is settled does not move with the clock.
  const now = useLive((live) => (open ? live.at : 0))
  const faults = useKnownFaults()
  const redrives = useMessageRedrives(journey)
  const waterfall = useMemo(
    () => waterfallOf(journey, now || Date.parse(journey.publish.attemptedAt), faults, redrives ?? []),
    [journey, now, faults, redrives],
  )
  const chosen = useParam('attempt')
  const attempts = waterfall.groups.flatMap((group) =>
    group.rows.flatMap((row) =>
      row.attempt ? [{ group: group.group, key: `${group.group} ${row.key}`, attempt: row.attempt }] : [],
    ),
  )
  // Until the reader chooses, the last failure is what there is to explain; `none`: the reader closed it.
  const preset = attempts.findLast(({ attempt }) => attempt.error !== undefined)?.key
  const key = chosen === undefined ? preset : chosen
  const inner = waterfall.groups.flatMap(({ group, rows }) =>
    rows.flatMap((row) => (row.inner ?? []).map((span) => ({ key: `${group} ${span.key}`, program: span.program }))),
  )
  const span = inner.find((candidate) => candidate.key === key)
  const selected: SelectedAttempt | undefined = attempts.find((candidate) => candidate.key === key)
  return (
    <>
      <section className={sectionClass} aria-label="Waterfall" aria-busy={redrives === undefined}>
        <WaterfallView
          waterfall={redrives === undefined ? { ...waterfall, groups: [] } : waterfall}
          selected={selected?.key ?? span?.key}
          onSelect={(next) =>
            setParams({ attempt: next === (selected?.key ?? span?.key) ? 'none' : next }, { replace: true })
          }
        />
        <ProgramSpansLegend count={inner.length} leftOut={journey.spansLeftOut ?? 0} />
        {journey.publish.error ? (
          <p className="text-fg-2">
            <b>{journey.publish.error.type}</b> {journey.publish.error.message}
          </p>
        ) : null}
        {journey.obligations.length === 0 && journey.publish.state === 'acked' ? (
          <p className="text-fg-3">
            No consumer subscribed to this type when it was published, so no group has to deliver it.
          </p>
        ) : null}
      </section>
      {selected ? (
        <AttemptDetail selected={selected} journey={journey} givenUp={isGivenUp(waterfall, selected.key)} />
      ) : null}
      {span?.program ? <ProgramSpanDetail {...span.program} /> : null}
      <Effects journey={journey} />
      <Payload journey={journey} redrives={redrives ?? []} />
    </>
  )
}

/** Whether the row after an attempt says that the message was dead-lettered. */
function isGivenUp({ groups }: Waterfall, key: string): boolean {
  return groups.some(({ group, rows }) =>
    rows.some((row, index) => `${group} ${row.key}` === key && rows[index + 1]?.label === 'dead-lettered'),
  )
}
