'use client'

import { useLive } from '#web/live/live-store.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { useEndedRecording, useRecording } from './use-recording.ts'

/** Begins to record what is done to the lab; while it records, says for how long, and ends it with its scenario saved as a file. */
export function RecordButton() {
  const { current, isBusy, toggle, ...own } = useRecording()
  const ended = useEndedRecording()
  const problem = own.problem ?? ended.problem
  // The palette may have ended the one, and its time the other.
  const saved = (own.saved?.endedAt ?? '') > (ended.saved?.endedAt ?? '') ? own.saved : ended.saved
  const now = useLive((live) => (current ? Math.floor(live.at / 1_000) : 0))
  const seconds = current ? Math.max(0, now - Math.floor(Date.parse(current.startedAt) / 1_000)) : 0
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  const why = saved?.reason === undefined ? undefined : `Saved ${saved.name}.yaml: ${saved.reason}`
  const title = current
    ? `Recording since ${clock}: ${current.published} messages, ${current.bursts} bursts, ${current.faults} faults, ${current.changes} changes. Click to end it and save the scenario`
    : (problem?.detail ?? why ?? 'Write what you do down as a scenario')
  const remarks = saved?.remarks?.length ?? 0
  return (
    <>
      <button
        type="button"
        className={cn(buttonClass(), current && 'border-fault-border bg-fault-bg text-fault-fg')}
        aria-pressed={current !== undefined}
        data-recording={current === undefined ? 'off' : 'on'}
        disabled={isBusy}
        title={title}
        onClick={toggle}
      >
        <Icon name={current ? 'stop' : 'record'} size={12} />
        <span className="max-[1279px]:sr-only">{current ? 'Recording' : 'Record'}</span>
        {current ? <span className="tabular-nums">{clock}</span> : null}
      </button>
      <span className="sr-only" role="status">
        {problem
          ? `${problem.title}: ${problem.detail}`
          : current
            ? 'Recording what is done'
            : saved
              ? `${why ?? `Saved ${saved.name}.yaml`}${remarks === 0 ? '' : `; ${remarks} things are not in the file, its first lines name them`}`
              : ''}
      </span>
    </>
  )
}
