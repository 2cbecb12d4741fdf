'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import type { Problem } from '#contracts/errors.ts'
import { type EventTypeItem, eventTypeItem } from '#contracts/events/event-type.ts'
import { api } from '#web/live/api.ts'

/** LOADING → READY | FAILED; a reload keeps what is there until the new answer has come. */
interface EventTypesState {
  state: 'loading' | 'ready' | 'failed'
  items: EventTypeItem[]
  subscriptions: Subscription[]
  problem: Problem | undefined
  /** Fetches the catalogue; calls while one is under way share it. */
  load: () => Promise<void>
}

const lists = {
  types: z.object({ items: z.array(eventTypeItem) }),
  subscriptions: z.object({ items: z.array(subscription) }),
}
let underWay: Promise<void> | undefined

/** The event types and who takes them, as the server has them. */
export const useEventTypes = create<EventTypesState>()((set) => ({
  state: 'loading',
  items: [],
  subscriptions: [],
  problem: undefined,
  load: () => {
    underWay ??= fetchAll(set).finally(() => {
      underWay = undefined
    })
    return underWay
  },
}))

async function fetchAll(set: (state: Partial<EventTypesState>) => void): Promise<void> {
  const [types, subscriptions] = await Promise.all([api.get('/api/event-types'), api.get('/api/subscriptions')])
  const failed = !types.ok ? types : !subscriptions.ok ? subscriptions : undefined
  if (failed) return set({ state: 'failed', problem: failed.problem })
  if (!types.ok || !subscriptions.ok) return
  set({
    state: 'ready',
    items: lists.types.parse(types.value).items,
    subscriptions: lists.subscriptions.parse(subscriptions.value).items,
    problem: undefined,
  })
}
