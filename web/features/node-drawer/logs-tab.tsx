'use client'
import { useEffect, useMemo, useState } from 'react'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { useDataRows } from '#web/ui/data-table/use-data-rows.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { levelClass } from '#web/ui/recipes/level.ts'
import { Seg } from '#web/ui/seg.tsx'
import { clock, count } from '../words/figures.ts'
import { isLevel, type Level, levels, lineKey, linesFrom } from './log-lines.ts'

const none: never[] = []

/** The service's log lines as they are written. It follows only while the reader is at the bottom. */
export function ServiceLogsTab({ service }: { service: string }) {
  useEffect(() => {
    watchLive({ logs: service })
    return () => watchLive({ logs: null })
  }, [service])
  const asked = useParam('level')
  const level: Level = isLevel(asked) ? asked : 'info'
  const all = useLive((live) => (live.logs?.service === service ? live.logs.lines : none))
  const skipped = useLive((live) => (live.logs?.service === service ? live.logs.skipped : 0))
  const lines = useMemo(() => linesFrom(all, level), [all, level])
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-3 border-b border-line px-4 py-2">
        <Seg
          label="Least level"
          value={level}
          options={levels.map((value) => ({ value, label: value }))}
          onChange={(value) => setParams({ level: value === 'info' ? undefined : value }, { replace: true })}
        />
        {skipped === 0 ? null : <span className="text-fg-3">{count(skipped)} skipped</span>}
      </div>
      {lines.length === 0 ? (
        <p className="p-4 text-fg-3">No line of level {level} or above since this tab was opened.</p>
      ) : (
        <Lines lines={lines} />
      )}
    </div>
  )
}

function Lines({ lines }: { lines: LogRecord[] }) {
  const [following, setFollowing] = useState(true)
  const { scroller, onScroll, drawn, total, measure, toEdge } = useDataRows({
    rows: lines,
    keyOf: lineKey,
    height: 40,
    follow: { edge: 'bottom', following, setFollowing },
  })
  return (
    <>
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto"
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label="Log lines"
      >
        <div className="relative" style={{ height: total }}>
          {drawn.map(({ key, row: line, index, start }) => (
            <div
              key={key}
              ref={measure}
              data-index={index}
              className="absolute inset-x-0 top-0 border-b border-line px-4 py-1"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Line line={line} />
            </div>
          ))}
        </div>
      </div>
      {following ? null : (
        <Button small className="absolute right-4 bottom-3" onClick={toEdge}>
          <Icon name="down" size={12} />
          Newest
        </Button>
      )}
    </>
  )
}

function Line({ line }: { line: LogRecord }) {
  return (
    <>
      <span className="flex gap-2 type-mono-11 text-fg-3">
        <span>{clock(line.at)}</span>
        <b className={cn('font-medium', levelClass[line.level])}>{line.level}</b>
        <span className="min-w-0 truncate" title={line.instance}>
          {line.instance.startsWith(`${line.service}-`)
            ? `replica ${line.instance.slice(line.service.length + 1)}`
            : line.instance}
        </span>
        {line.messageId === undefined ? null : (
          <RouteLink className="ml-auto" patch={{ message: line.messageId }} title={line.messageId}>
            {line.messageId.split(':').slice(-2).join(':')}
          </RouteLink>
        )}
      </span>
      <span className="block wrap-anywhere">{line.message}</span>
    </>
  )
}
