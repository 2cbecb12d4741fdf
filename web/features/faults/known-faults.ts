'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { z } from 'zod'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { read } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'

const list = z.object({ items: z.array(fault) })
const none: Fault[] = []

/** Every fault that the lab still knows, newest first: former ones are read when the part that asks is opened, the rest is live. */
export function useKnownFaults(): Fault[] {
  const recent = useLive((live) => live.faults)
  const { data } = useQuery({ queryKey: ['faults'], queryFn: ({ signal }) => read('/api/faults', list, signal) })
  const kept = data?.items ?? none
  return useMemo(() => {
    const byId = new Map([...kept, ...recent].map((one) => [one.id, one]))
    return [...byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  }, [kept, recent])
}
