import type { ReactNode } from 'react'
import type { Run } from '#contracts/api/run.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { clock, count, dayAndTime, durationWords } from '../../words/figures.ts'
import { brokerLabel, runStateWords } from '../run-words.ts'
import { samplesOf } from './run-rows.ts'

/** The few figures that a run is known by. */
export function RunFacts({ run, lines }: { run: Run; lines: readonly JournalLine[] }) {
  const { sample, state, endsBy } = run
  const groups = Object.values(sample?.groups ?? {})
  const peak = Math.max(
    0,
    ...samplesOf(lines).map((one) => Object.values(one.groups).reduce((most, { lag }) => Math.max(most, lag), 0)),
  )
  const slowest = Math.max(...groups.map(({ p99Ms }) => p99Ms ?? Number.NEGATIVE_INFINITY))
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 border-b border-line px-4 py-3" aria-label="Facts">
      <Fact name="Broker">{brokerLabel(run.broker)}</Fact>
      <Fact name="Seed">{run.seed}</Fact>
      <Fact name="Started">
        <span title={dayAndTime(run.startedAt)}>{clock(run.startedAt).slice(0, 8)}</span>
      </Fact>
      {state === 'ended' ? (
        <Fact name="Took">{durationWords(run.elapsedMs)}</Fact>
      ) : (
        <>
          <Fact name="Now">{runStateWords[state]}</Fact>
          <Fact name="Elapsed">{`${(run.elapsedMs / 1_000).toFixed(1)} s`}</Fact>
          {endsBy === undefined ? null : <Fact name="Ends by">{clock(endsBy).slice(0, 8)}</Fact>}
        </>
      )}
      <Fact name="Published">{sample ? `${count(sample.acked)} of ${count(sample.due)}` : '0'}</Fact>
      <Fact name="Delivered">{count(groups.reduce((sum, { delivered }) => sum + delivered, 0))}</Fact>
      <Fact name="Peak lag">{count(peak)}</Fact>
      <Fact name="p99 to effect">{Number.isFinite(slowest) ? durationWords(slowest) : '–'}</Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="type-11 text-fg-3">{name}</dt>
    <dd className="font-medium text-fg tabular-nums">{children}</dd>
  </div>
)
