'use client'

import type { PolicyTrialResult } from '#contracts/api/queues/explanation.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { count } from '../words/figures.ts'

/** What another policy would let pass of the newest messages, with those for which it would be another judgement. */
export function TrialOutcome({ trial, leg }: { trial: PolicyTrialResult; leg: string }) {
  const { topic, judged, passNow, passThen, gained, lost } = trial
  if (judged === 0) return <p className="text-fg-3">No message of {topic} is kept that it could be tried on.</p>
  const out = judged - passThen - lost.count
  return (
    <div className="grid gap-1" role="status" aria-label="The newest messages">
      <p>
        Of the newest {count(judged)} of {topic}, <b className="font-semibold">{count(passThen)}</b> would pass instead
        of <b className="font-semibold">{count(passNow)}</b>: {count(gained.count)} more, {count(lost.count)} fewer,{' '}
        {count(out)} stay out.
      </p>
      <Changed title="would pass" glyph="delivered" ids={gained.ids} leg={leg} />
      <Changed title="would be kept away" glyph="lost" ids={lost.ids} leg={leg} />
    </div>
  )
}

function Changed({
  title,
  glyph,
  ids,
  leg,
}: {
  title: string
  glyph: 'delivered' | 'lost'
  ids: string[]
  leg: string
}) {
  return ids.map((id) => (
    <p key={id} className="flex min-w-0 items-center gap-2">
      <Glyph name={glyph} className="size-3 flex-none" />
      <RouteLink className="truncate mono text-accent-fg" patch={{ ask: id, leg }} title={id}>
        {id}
      </RouteLink>
      <span className="flex-none type-11 text-fg-3">{title}</span>
    </p>
  ))
}
