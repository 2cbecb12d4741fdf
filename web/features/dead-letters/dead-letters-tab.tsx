'use client'

import { useEffect, useMemo, useRef } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { useDeadLetterCounts } from './dead-letter-counts.ts'
import { causesThatFit, rowsOf } from './dead-letter-rows.ts'
import { DeadLetterTable } from './dead-letter-table.tsx'
import { DeadLettersFoot } from './dead-letters-foot.tsx'
import { useDeadLetters } from './dead-letters-store.ts'
import { DeadLettersTools } from './dead-letters-tools.tsx'
import { useRedrives } from './redrive/redrive-store.ts'
import './dead-letters.css'

/** Between two looks into the queues, which hide their letters for a moment on some brokers. */
const readEveryMs = 1_500
/** Between two tries while they cannot be read. */
const tryEveryMs = 5_000

/** What groups gave up, by cause: `?dock=dead-letters`. `?group=` and `?q=` choose among the causes. */
export function DeadLettersTab() {
  const group = useParam('group')
  const q = useParam('q') ?? ''
  const { state, problem, causes, letters, open, incomplete, load } = useDeadLetters()
  useFresh()
  const shown = useMemo(() => causesThatFit(causes, group, q), [causes, group, q])
  const rows = useMemo(() => rowsOf(shown, letters, open), [shown, letters, open])
  return (
    <div className="dead">
      <DeadLettersTools causes={causes} shown={shown} group={group} q={q} />
      {problem && causes.length > 0 ? (
        <p className="note dead__note" role="alert">
          <Icon name="alert" />
          <span>
            <b>{problem.title}.</b> {problem.detail} What you see is from before.
          </span>
          <Button small onClick={() => void load()}>
            Try again
          </Button>
        </p>
      ) : null}
      {incomplete.length > 0 ? (
        <p className="note dead__note">
          <Icon name="list" />
          <span>
            {incomplete.join(' and ')} {incomplete.length === 1 ? 'has' : 'have'} more than 1,000: only the oldest are
            listed and counted here. A redrive of a cause, a group or all takes the others too.
          </span>
        </p>
      ) : null}
      <DeadLetterTable rows={rows} empty={<Nothing state={state} isFiltered={causes.length > 0} />} />
      <DeadLettersFoot shown={shown} />
    </div>
  )
}

function Nothing({ state, isFiltered }: { state: 'loading' | 'ready' | 'failed'; isFiltered: boolean }) {
  const { problem, load } = useDeadLetters()
  if (isFiltered) {
    return (
      <Empty
        icon="search"
        title="No cause fits"
        action={<Button onClick={() => setParams({ group: undefined, q: undefined })}>Show all</Button>}
      />
    )
  }
  if (state === 'failed' && problem) {
    return (
      <Empty icon="alert" title={problem.title} action={<Button onClick={() => void load()}>Try again</Button>}>
        {problem.detail} This list tries again by itself.
      </Empty>
    )
  }
  if (state === 'loading') return <div className="empty" aria-busy="true" />
  return (
    <Empty icon="dlq" title="No dead letters">
      A message comes here when its attempts are used up, when its error is not worth another, or when it cannot be
      read.
    </Empty>
  )
}

/** Reads the queues at the beginning, when their counts or the broker change, and again while they cannot be read. */
function useFresh(): void {
  const counts = useDeadLetterCounts()
  const broker = useLive((live) => live.broker?.broker)
  const { load, state } = useDeadLetters()
  const loadRuns = useRedrives((redrives) => redrives.load)
  const readAt = useRef(0)
  useEffect(() => {
    void loadRuns()
  }, [loadRuns])
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts and broker are what it reads anew for
  useEffect(() => {
    const wait = Math.max(0, readAt.current + readEveryMs - Date.now())
    const timer = setTimeout(() => {
      readAt.current = Date.now()
      void load()
    }, wait)
    return () => clearTimeout(timer)
  }, [counts, broker, load])
  useEffect(() => {
    if (state !== 'failed') return
    const timer = setInterval(() => void load(), tryEveryMs)
    return () => clearInterval(timer)
  }, [state, load])
}
