'use client'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { type Hit, hitsOf, stepFrom } from './hits.ts'

export interface Hits {
  /** What is asked for; empty: nothing. */
  text: string
  /** Undefined if nothing is asked for. */
  hits: Hit[] | undefined
  /** Id of the one that is shown. */
  shown: string | undefined
  show: (id: string) => void
  step: (steps: 1 | -1) => void
}

/** What the find box asks for, and which of the hits is shown; both are in the address. */
export function useHits(): Hits {
  const text = useParam('find') ?? ''
  const shown = useParam('hit')
  const flat = useLive(
    useShallow((live) =>
      hitsOf(text, live.topology.nodes, live.nodes)?.flatMap(({ id, name, value, oldestMs }) => [
        id,
        name,
        value,
        oldestMs,
      ]),
    ),
  )
  const hits = useMemo(() => {
    if (flat === undefined) return undefined
    return Array.from({ length: flat.length / 4 }, (_, at): Hit => {
      const [id, name, value, oldestMs] = flat.slice(4 * at, 4 * at + 4)
      return {
        id: String(id),
        name: String(name),
        value: Number(value),
        oldestMs: oldestMs === undefined ? undefined : Number(oldestMs),
      }
    })
  }, [flat])
  return useMemo(() => {
    const show = (id: string): void => setParams({ hit: id }, { replace: true })
    return {
      ...{ text, hits, shown, show },
      step(steps) {
        const next = hits && stepFrom(hits, shown, steps)
        if (next) show(next.id)
      },
    }
  }, [text, hits, shown])
}
