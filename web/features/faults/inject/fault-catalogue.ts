'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { Problem } from '#contracts/errors.ts'
import { type FaultCatalogueItem, faultCatalogueItem } from '#contracts/faults/fault.ts'
import { type ReadState, read, readState } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'

interface Catalogue {
  state: ReadState
  items: FaultCatalogueItem[]
  problem: Problem | undefined
}

const list = z.object({ items: z.array(faultCatalogueItem) })
const none: FaultCatalogueItem[] = []

/** Every kind of fault, with the targets that it can have now; read again where what it offers has changed: the broker, the replicas, the graph. */
export function useCatalogue(): Catalogue {
  const offered = useLive((live) =>
    [
      live.broker?.broker,
      ...live.services.flatMap(({ replicas }) => replicas.map(({ instance }) => instance)),
      ...live.topology.nodes.map(({ id }) => id),
    ].join(),
  )
  const { data, error } = useQuery({
    queryKey: ['fault-catalogue', offered],
    queryFn: ({ signal }) => read('/api/faults/catalogue', list, signal),
    placeholderData: keepPreviousData,
  })
  return { state: readState({ data, error }), items: data?.items ?? none, problem: error ?? undefined }
}
