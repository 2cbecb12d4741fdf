'use client'
import { useEffect, useState } from 'react'
import { useLive } from '#web/live/live-store.ts'
import type { ChartRow } from '../charts/series-look.ts'

const gaugeNames = ['cpu', 'rssBytes', 'eventLoopLagMs', 'inHand'] as const
export type GaugeName = (typeof gaugeNames)[number]
export const gaugeSeconds = 120

/** The gauges of a service's processes since this was first called, a row a second, at most two minutes of them. */
export function useGaugeHistory(service: string): ChartRow[] {
  const [rows, setRows] = useState<ChartRow[]>([])
  useEffect(() => {
    let second = 0
    const take = (live: ReturnType<typeof useLive.getState>): void => {
      const now = Math.floor(live.at / 1_000)
      if (now === second) return
      second = now
      const gauges = live.services.find((one) => one.name === service)?.gauges ?? []
      if (gauges.length === 0) return
      const row: ChartRow = { at: live.at }
      for (const gauge of gauges) for (const name of gaugeNames) row[`${name}:${gauge.instance}`] = gauge[name]
      setRows((before) => [...before, row].slice(-gaugeSeconds))
    }
    setRows([])
    take(useLive.getState())
    return useLive.subscribe(take)
  }, [service])
  return rows
}
