'use client'
import { useEffect, useMemo, useState } from 'react'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { useLive, watch } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { useDataRows } from '#web/ui/data-table/use-data-rows.ts'
import { Icon } from '#web/ui/icon.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { clock, count } from '../words/figures.ts'
import { isLevel, type Level, levels, lineKey, linesFrom } from './log-lines.ts'

const none: never[] = []

/** The service's log lines as they are written. It follows only while the reader is at the bottom. */
export function LogsTab({ service }: { service: string }) {
  useEffect(() => {
    watch({ logs: service })
    return () => watch({ logs: null })
  }, [service])
  const asked = useParam('level')
  const level: Level = isLevel(asked) ? asked : 'info'
  const all = useLive((live) => (live.logs?.service === service ? live.logs.lines : none))
  const passedOver = useLive((live) => (live.logs?.service === service ? live.logs.passedOver : 0))
  const lines = useMemo(() => linesFrom(all, level), [all, level])
  return (
    <div className="logs">
      <div className="logs__bar">
        <Seg
          label="Least level"
          value={level}
          options={levels.map((value) => ({ value, label: value }))}
          onChange={(value) => setParams({ level: value === 'info' ? undefined : value }, { replace: true })}
        />
        {passedOver === 0 ? null : <span className="t3">{count(passedOver)} passed over</span>}
      </div>
      {lines.length === 0 ? (
        <p className="logs__none t3">No line of level {level} or above since this tab was opened.</p>
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
      <div ref={scroller} className="logs__lines" onScroll={onScroll} role="log" aria-live="off" aria-label="Log lines">
        <div style={{ height: total, position: 'relative' }}>
          {drawn.map(({ key, row: line, index, start }) => (
            <div
              key={key}
              ref={measure}
              data-index={index}
              className={`log log--${line.level}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Line line={line} />
            </div>
          ))}
        </div>
      </div>
      {following ? null : (
        <Button small className="logs__follow" onClick={toEdge}>
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
      <span className="log__head">
        <span>{clock(line.at)}</span>
        <b>{line.level}</b>
        <span className="clip" title={line.instance}>
          {line.instance.startsWith(`${line.service}-`)
            ? `replica ${line.instance.slice(line.service.length + 1)}`
            : line.instance}
        </span>
        {line.messageId === undefined ? null : (
          <RouteLink className="log__link" patch={{ message: line.messageId }} title={line.messageId}>
            {line.messageId.split(':').slice(-2).join(':')}
          </RouteLink>
        )}
      </span>
      <span className="log__text">{line.message}</span>
    </>
  )
}
