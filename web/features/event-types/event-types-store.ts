'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { Topology } from '#contracts/api/topology.ts'
import { type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import type { Problem } from '#contracts/errors.ts'
import { type EventTypeItem, eventTypeItem } from '#contracts/events/event-type.ts'
import { type ReadState, read, readState, serverState } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'

interface Catalogue {
  items: EventTypeItem[]
  subscriptions: Subscription[]
}

interface EventTypes extends Catalogue {
  state: ReadState
  problem: Problem | undefined
}

const queryKey = ['event-types']
const lists = {
  types: z.object({ items: z.array(eventTypeItem) }),
  subscriptions: z.object({ items: z.array(subscription) }),
}
const nothing: Catalogue = { items: [], subscriptions: [] }

/** The event types and who takes them, as the server has them. */
export function useEventTypes(): EventTypes {
  const { data, error } = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Catalogue> => {
      const [types, subscriptions] = await Promise.all([
        read('/api/event-types', lists.types, signal),
        read('/api/subscriptions', lists.subscriptions, signal),
      ])
      return { items: types.items, subscriptions: subscriptions.items }
    },
  })
  return { ...(data ?? nothing), state: readState({ data, error }), problem: error ?? undefined }
}

/** Reads them again, if they are on screen; resolves when they are there. */
export const reloadEventTypes = (): Promise<void> => serverState.invalidateQueries({ queryKey })

/** The event types as far as they were read, without asking for them. */
export const knownEventTypes = (): EventTypeItem[] =>
  serverState.getQueryData<Catalogue>(queryKey)?.items ?? nothing.items

const topics = ({ nodes }: Topology): string => nodes.flatMap(({ id, kind }) => (kind === 'topic' ? [id] : [])).join()

// A type that anyone makes or deletes brings or takes a topic, which is how the socket announces it.
useLive.subscribe(({ topology }, { topology: before }) => {
  if (topology !== before && before.nodes.length > 0 && topics(topology) !== topics(before)) void reloadEventTypes()
})
