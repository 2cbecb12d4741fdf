'use client'
import { useEffect, useMemo, useState } from 'react'
import { z } from 'zod'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { api } from '#web/live/api.ts'
import { useLive } from '#web/live/live-store.ts'

const list = z.object({ items: z.array(fault) })

/** Every fault that the lab still knows, newest first: those of before are fetched anew when `key` changes, the rest is live. */
export function useKnownFaults(key: string): Fault[] {
  const recent = useLive((live) => live.faults)
  const [kept, setKept] = useState<Fault[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the reason to ask again
  useEffect(() => {
    const gone = new AbortController()
    api.get('/api/faults', { signal: gone.signal }).then((answer) => {
      if (answer.ok && !gone.signal.aborted) setKept(list.parse(answer.value).items)
    })
    return () => gone.abort()
  }, [key])
  return useMemo(() => {
    const byId = new Map([...kept, ...recent].map((one) => [one.id, one]))
    return [...byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  }, [kept, recent])
}
