'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { chartHistory } from '#contracts/api/chart-history.ts'
import { type ChartPoint, chartPoints } from '#contracts/api/live.ts'
import { read } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'

/** Points of the last `seconds`, oldest first: the last minutes live, what lies before them as the server kept it. */
export function useChartPoints(seconds: number): { points: readonly ChartPoint[]; stepMs: number } {
  const live = useLive((state) => state.charts)
  const replayed = useIsReplayed()
  // A moment has the five minutes before it.
  const isLong = seconds > chartPoints && !replayed
  const { data } = useQuery({
    queryKey: ['charts', seconds],
    queryFn: ({ signal }) => read(`/api/charts?seconds=${seconds}`, chartHistory, signal),
    enabled: isLong,
    refetchInterval: ({ state }) => Math.max(5_000, state.data?.stepMs ?? 5_000),
  })
  return useMemo(() => {
    const until = live.at(-1)?.at ?? 0
    const shown = live.filter(({ at }) => at > until - seconds * 1_000)
    if (!isLong || data === undefined) return { points: shown, stepMs: 1_000 }
    // Within one line all steps are as long: the seconds only close the gap after the last step.
    const last = data.points.at(-1)?.at ?? 0
    return { points: [...data.points, ...shown.filter(({ at }) => at > last)], stepMs: data.stepMs }
  }, [live, data, isLong, seconds])
}
