'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type HistoryRange, historyRange } from '#contracts/api/history.ts'
import { type Run, run as runSchema } from '#contracts/api/run.ts'
import { read } from '#web/http/server-state.ts'
import type { Span } from './time-span.ts'

/** What is recorded, read again every few seconds while the track is open. */
export function useHistory(isOpen: boolean): HistoryRange | undefined {
  const { data } = useQuery({
    queryKey: ['history'],
    queryFn: ({ signal }) => read('/api/history', historyRange, signal),
    enabled: isOpen,
    refetchInterval: 5_000,
  })
  return data
}

/** What was unsettled over the span of the track, as finely as it is reported; until that is read, what is known of the whole. */
export function useLag({ lag }: HistoryRange, { from, to }: Span): HistoryRange['lag'] {
  const path = `/api/history?from=${Math.floor(from)}&to=${Math.ceil(to)}`
  const { data } = useQuery<HistoryRange>({
    queryKey: ['history', path],
    queryFn: ({ signal }) => read(path, historyRange, signal),
    placeholderData: (before: HistoryRange | undefined) => before,
    gcTime: 30_000,
  })
  return data && data.lag.length > 0 ? data.lag : lag
}

/** The run whose time the track is limited to. */
export function useReplayedRun(id: string | undefined): Run | undefined {
  const { data } = useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => read(`/api/scenarios/runs/${encodeURIComponent(id ?? '')}`, runSchema, signal),
    enabled: id !== undefined,
  })
  return data
}

/** All that the track can show: the time of the run, else all that is recorded. */
export function useWhole(history: HistoryRange | undefined, run: Run | undefined): Span | undefined {
  return useMemo(() => {
    if (!history || history.from === null || history.to === null) return undefined
    const { from, to } = { from: history.from, to: history.to }
    if (!run) return { from, to }
    const begin = Date.parse(run.startedAt)
    return { from: Math.max(from, begin), to: Math.min(to, begin + run.elapsedMs) }
  }, [history, run])
}
