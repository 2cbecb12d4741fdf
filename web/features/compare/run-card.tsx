import type { RecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { noRunParams } from '../runs/run-params.ts'
import { brokerLabel } from '../runs/run-words.ts'
import { VerdictPill } from '../runs/verdict-pill.tsx'
import { count, dayAndTime, durationWords } from '../words/figures.ts'
import { RunLetter } from './run-letter.tsx'

/** One of the two runs at a glance. `isHere`: this lab has it, and it can be opened. */
export function RunCard({ side, of: { run }, isHere }: { side: 'a' | 'b'; of: RecordedRun; isHere: boolean }) {
  const groups = Object.values(run.sample?.groups ?? {})
  const held = run.checks.filter(({ result }) => result === 'pass').length
  const facts = [
    ['Took', durationWords(run.elapsedMs)],
    ['Published', count(run.sample?.acked ?? 0)],
    ['Delivered', count(groups.reduce((sum, { delivered }) => sum + delivered, 0))],
  ] as const
  const name = `${brokerLabel(run.broker)}, seed ${run.seed}`
  return (
    <section
      className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 not-first:border-l not-first:border-line"
      aria-label={`Run ${side.toUpperCase()}`}
    >
      <RunLetter side={side} />
      <div className="min-w-0">
        <p className="truncate font-semibold">
          {isHere ? (
            <RouteLink path={`/scenarios/${run.id}`} patch={noRunParams} className="text-fg">
              {name}
            </RouteLink>
          ) : (
            name
          )}
        </p>
        <p className="truncate type-11 text-fg-3">
          {run.name}, {dayAndTime(run.startedAt)}, version {run.version}
          {isHere ? '' : ', from a file'}
        </p>
      </div>
      <VerdictPill verdict={run.verdict}>{`${held} of ${run.checks.length}`}</VerdictPill>
      <span className="flex-1" />
      <dl className="flex gap-5">
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt className="type-11 text-fg-3">{fact}</dt>
            <dd className="font-medium text-fg tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
