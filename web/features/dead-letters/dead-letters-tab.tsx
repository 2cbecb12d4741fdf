'use client'

import { useEffect, useMemo, useRef } from 'react'
import type { Problem } from '#contracts/errors.ts'
import type { ReadState } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { useDeadLetterCounts } from './dead-letter-counts.ts'
import { causesThatFit, deadLetterRowsOf } from './dead-letter-rows.ts'
import { DeadLetterTable } from './dead-letter-table.tsx'
import { DeadLettersFoot } from './dead-letters-foot.tsx'
import { reloadDeadLetters, useDeadLetterList } from './dead-letters-query.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { DeadLettersTools } from './dead-letters-tools.tsx'
import { FurtherLetters } from './further-letters.tsx'
import { OtherBrokers } from './other-brokers.tsx'
import { UnowedLetters } from './unowed-letters.tsx'

/** Between two looks into the queues, which hide their letters for a moment on some brokers. */
const readEveryMs = 1_500

/** What groups gave up, by cause: `?dock=dead-letters`. `?group=` and `?q=` choose among the causes. */
export function DeadLettersTab() {
  const group = useParam('group')
  const q = useParam('q') ?? ''
  const list = useDeadLetterList()
  const { problem, causes, letters, incomplete } = list
  const open = useDeadLetters((dead) => dead.open)
  useFresh()
  const shown = useMemo(() => causesThatFit(causes, group, q), [causes, group, q])
  const rows = useMemo(() => deadLetterRowsOf(shown, letters, open), [shown, letters, open])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <DeadLettersTools causes={causes} shown={shown} group={group} q={q} />
      {problem && causes.length > 0 ? (
        <p className={cn(noteClass, 'mx-4 my-2 items-center')} role="alert">
          <Icon name="alert" />
          <span>
            <b>{problem.title}.</b> {problem.detail} What you see is from before.
          </span>
          <Button className="ml-auto" small onClick={() => void reloadDeadLetters()}>
            Try again
          </Button>
        </p>
      ) : null}
      <FurtherLetters causes={causes} incomplete={incomplete} />
      <UnowedLetters />
      <OtherBrokers />
      <DeadLetterTable
        rows={rows}
        empty={<Nothing state={list.state} problem={problem} isFiltered={causes.length > 0} />}
      />
      <DeadLettersFoot causes={causes} shown={shown} />
    </div>
  )
}

interface NothingProps {
  state: ReadState
  problem: Problem | undefined
  isFiltered: boolean
}

function Nothing({ state, problem, isFiltered }: NothingProps) {
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
      <Empty
        icon="alert"
        title={problem.title}
        action={<Button onClick={() => void reloadDeadLetters()}>Try again</Button>}
      >
        {problem.detail} This list tries again by itself.
      </Empty>
    )
  }
  if (state === 'loading')
    return (
      <div className={emptyClass} aria-busy="true">
        <p className="text-fg-3">Reading dead letters…</p>
      </div>
    )
  return (
    <Empty icon="dlq" title="No dead letters">
      A message comes here when its attempts are used up, when its error is not worth another, or when it cannot be
      read.
    </Empty>
  )
}

/** Has the queues read again when their counts or the broker change. */
function useFresh(): void {
  const counts = useDeadLetterCounts()
  const broker = useLive((live) => live.broker?.broker)
  const counted = `${broker} ${counts}`
  // They are read anyway when the tab opens.
  const read = useRef({ counted, at: 0 })
  useEffect(() => {
    if (read.current.counted === counted) return
    const wait = Math.max(0, read.current.at + readEveryMs - Date.now())
    const timer = setTimeout(() => {
      read.current = { counted, at: Date.now() }
      void reloadDeadLetters()
    }, wait)
    return () => clearTimeout(timer)
  }, [counted])
}
