'use client'

import { QueryClient } from '@tanstack/react-query'
import type { ZodType } from 'zod'
import type { Problem } from '#contracts/errors.ts'
import { useLive } from '#web/live/live-store.ts'
import { api } from './api.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Problem
  }
}

/** Parts that open together share one answer; who comes back later than this is shown a new one. Milliseconds. */
const staleTime = 2_000

/**
 * What this page has read from the server and keeps: everything that does not come live by the socket.
 * - No retries: a problem document is an answer that asking again does not change, and a server that does not answer is
 *   asked again when the socket is back (`refetchAfterLoss`).
 * - No refetch on focus: what has changed is announced by the socket, to the parts that then ask again.
 * - Requests are sent also if the browser says it is offline: the lab runs on the same machine.
 */
export const serverState = new QueryClient({
  defaultOptions: {
    queries: { staleTime, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Reads `path` as `schema` says. Throws a problem document: the server's, or one that says that its answer is not understood. */
export async function read<Value>(path: string, schema: ZodType<Value>, signal?: AbortSignal): Promise<Value> {
  const answer = await api.get(path, signal ? { signal } : {})
  if (!answer.ok) throw answer.problem
  return understood(answer.value, schema)
}

/** The value as `schema` says. Throws a problem document if it is something else: the page is older than the server. */
export function understood<Value>(value: unknown, schema: ZodType<Value>): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  console.error('The server answered what this page does not understand.', parsed.error.message)
  throw notUnderstood
}

const notUnderstood: Problem = {
  ...{ type: '/problems/internal', title: 'The answer is not understood', status: 200, code: 'internal' },
  detail: 'The server is of another version than this page; reload the page.',
}

/** LOADING → READY ⇄ FAILED. What was read last stays there while it is read again, and where that fails. */
export type ReadState = 'loading' | 'ready' | 'failed'

/** Where a query is, for a part that shows one of three things. */
export const readState = ({ data, error }: { data: unknown; error: Problem | null }): ReadState =>
  error ? 'failed' : data === undefined ? 'loading' : 'ready'

/** Asks again for all that is on screen whenever the lab is back after it was lost, until the returned function is called. */
export function refetchAfterLoss(client: QueryClient): () => void {
  return useLive.subscribe((live, before) => {
    if (before.connection === 'lost' && live.connection === 'live') void client.invalidateQueries()
  })
}
