'use client'

import { useState } from 'react'
import type { Redrive } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { pairsClass } from '#web/ui/recipes/pairs.ts'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { progressClass } from '#web/ui/recipes/progress.ts'
import { Status } from '#web/ui/status.tsx'
import { clock, count } from '../../words/figures.ts'
import { redrivePatch } from '../letter-link.ts'
import { stopRedrive, useRedrives } from './redrive-store.ts'
import { handledOf, isRedriveRunning, redriveRunLook } from './redrive-words.ts'

/** A redrive that was begun: how far it is, what became of it, and Stop. */
export function RedriveRunView({ id }: { id: string }) {
  const { runs, problem: unread } = useRedrives()
  const [unstopped, setUnstopped] = useState<Problem>()
  const problem = unread ?? unstopped
  const run = runs.find((one) => one.id === id)
  return (
    <div className={panelBody} data-fades="">
      {problem ? <ProblemNote problem={problem} className="mx-4 my-2 items-center" /> : null}
      {run ? (
        <Run run={run} onStop={() => void stopRedrive(run.id).then(setUnstopped)} />
      ) : (
        <Empty icon="retry" title="This redrive is not remembered">
          The last 20 are.
        </Empty>
      )}
      <Earlier runs={runs.filter((one) => one.id !== id)} />
    </div>
  )
}

function Run({ run, onStop }: { run: Redrive; onStop: () => void }) {
  const { tone, glyph, word } = redriveRunLook[run.state]
  const handled = handledOf(run)
  const share = run.selected === 0 ? 0 : Math.min(100, (handled / run.selected) * 100)
  return (
    <Section
      className="flex-none"
      title="Progress"
      aside={`began ${clock(run.startedAt).slice(0, 8)}${run.endedAt === undefined ? '' : `, ended ${clock(run.endedAt).slice(0, 8)}`}`}
      actions={
        isRedriveRunning(run) ? (
          <Button small onClick={onStop}>
            <Icon name="stop" size={12} />
            Stop
          </Button>
        ) : undefined
      }
    >
      <div className="flex min-w-0 items-center gap-2">
        <span role="status">
          <Status tone={tone} glyph={glyph}>
            {word}
          </Status>
        </span>
        <span className="flex-1" />
        <span className="text-fg-2">
          {count(handled)} of {count(run.selected)}
        </span>
      </div>
      <div
        className={cn(progressClass, 'h-2 rounded-sm')}
        role="progressbar"
        aria-label="Sent back"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share)}
      >
        <i style={{ width: `${share}%` }} />
      </div>
      {run.detail === undefined ? null : <p className="text-fg-2">{run.detail}</p>}
      <dl className={pairsClass}>
        <Line name="sent back" value={run.redriven} />
        <Line name="sent back, original could not be removed" value={run.copied} quiet />
        <Line name="not taken by the broker, still dead letters" value={run.failed} quiet />
        <Line name="no longer there when their turn came" value={run.gone} quiet />
        {run.canary === undefined ? null : (
          <Line name={`of the canary of ${count(run.canary)}, failed again`} value={run.refailed} />
        )}
        <dt>to</dt>
        <dd>{run.willRun.join(', ')}</dd>
        <dt>rate</dt>
        <dd>{run.ratePerSecond === undefined ? 'as fast as it went' : `${run.ratePerSecond} per second`}</dd>
      </dl>
    </Section>
  )
}

/** `quiet`: not worth a line as long as there is none. */
const Line = ({ name, value, quiet = false }: { name: string; value: number; quiet?: boolean }) =>
  quiet && value === 0 ? null : (
    <>
      <dt>{name}</dt>
      <dd>{count(value)}</dd>
    </>
  )

/** Those before, each a way to its figures. */
export function Earlier({ runs }: { runs: Redrive[] }) {
  if (runs.length === 0) return null
  return (
    <Section className="flex-none" title="Earlier">
      <ul className="grid">
        {runs.map((run) => (
          <li
            className="grid h-6 grid-cols-[56px_1fr_auto] items-center gap-2 text-fg-2 [&>:first-child]:text-fg-3 [&>:last-child]:text-fg-3"
            key={run.id}
          >
            <span>{clock(run.startedAt).slice(0, 8)}</span>
            <RouteLink path="/" patch={redrivePatch(`run:${run.id}`)}>
              {count(run.redriven)} of {count(run.selected)} to {run.willRun.join(', ')}
            </RouteLink>
            <span>{redriveRunLook[run.state].word.toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
