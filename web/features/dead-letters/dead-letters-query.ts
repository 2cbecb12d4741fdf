'use client'

import { useQuery } from '@tanstack/react-query'
import {
  type DeadLetterItem,
  type DeadLetterList,
  deadLetterList,
  deadLetterListLimit,
} from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { type ReadState, read, readState, serverState } from '#web/live/server-state.ts'
import { firstLetters } from './dead-letter-rows.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { prune } from './redrive/redrive-target.ts'

interface DeadLetters extends Pick<DeadLetterList, 'causes' | 'incomplete'> {
  /** Letters of the causes that were opened, newest first. */
  letters: ReadonlyMap<string, DeadLetterItem[]>
}

const queryKey = ['dead-letters']
/** Between two tries while they cannot be read, in milliseconds. */
const tryEveryMs = 5_000
const nothing: DeadLetters = { causes: [], incomplete: [], letters: new Map() }

/** Causes, and the letters of those that were opened. While they cannot be read it tries again by itself. */
export function useDeadLetterList(): DeadLetters & { state: ReadState; problem: Problem | undefined } {
  const unread = useDeadLetters((dead) => dead.problem)
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => readAll(signal),
    // Which counts of the queues they were read at is not known after another part was on screen.
    staleTime: 0,
    refetchInterval: ({ state }) => (state.status === 'error' ? tryEveryMs : false),
  })
  return { ...(data ?? nothing), state: readState({ data, error }), problem: error ?? unread }
}

/** A slice of what was read, for parts that do not ask for it themselves. */
export const useKnownLetters = <Slice>(select: (dead: DeadLetters) => Slice): Slice | undefined =>
  useQuery({ queryKey, queryFn: ({ signal }) => readAll(signal), enabled: false, select }).data

/** What was read last. */
export const knownLetters = (): DeadLetters => serverState.getQueryData<DeadLetters>(queryKey) ?? nothing

/** Reads them again where they are on screen; calls while one is under way share it. */
export const reloadDeadLetters = (): Promise<void> =>
  serverState.refetchQueries({ queryKey, type: 'active' }, { cancelRefetch: false })

/** Shows or hides the letters of a cause. */
export function toggleLetters(cause: string): void {
  useDeadLetters.getState().toggle(cause)
  if (useDeadLetters.getState().open.has(cause) && !knownLetters().letters.has(cause)) {
    void fetchLetters(cause, firstLetters)
  }
}

/** Fetches up to `limit` letters of a cause. */
export async function fetchLetters(cause: string, limit: number): Promise<void> {
  const answer = await api.get(listPath({ cause, limit }))
  if (!answer.ok) return useDeadLetters.setState({ problem: answer.problem })
  const { items } = deadLetterList.parse(answer.value)
  serverState.setQueryData<DeadLetters>(queryKey, (dead = nothing) => ({
    ...dead,
    letters: new Map([...dead.letters, [cause, items]]),
  }))
}

/** One letter is the least that a list has: the causes are wanted. */
async function readAll(signal: AbortSignal): Promise<DeadLetters> {
  const { causes, incomplete } = await read(listPath({ limit: 1 }), deadLetterList, signal)
  const keys = new Set(causes.map(({ key }) => key))
  const standing = () => [...knownLetters().letters].filter(([key]) => keys.has(key))
  const fresh = await Promise.all(
    standing().map(async ([cause, { length }]) => {
      const { items } = await read(listPath({ cause, limit: pageFor(length) }), deadLetterList, signal)
      return [cause, items] as const
    }),
  )
  // A cause may have been opened meanwhile.
  const letters = new Map([...standing(), ...fresh])
  useDeadLetters.setState(({ open, selection }) => ({
    problem: undefined,
    open: new Set([...open].filter((key) => keys.has(key))),
    selection: prune(selection, causes, letters),
  }))
  return { causes, incomplete, letters }
}

/** Where all of the first page were there, others may be behind them; a longer list stays as long as it may be. */
const pageFor = (shown: number): number => (shown > firstLetters ? deadLetterListLimit : firstLetters)

const listPath = (query: { cause?: string; limit: number }): string =>
  `/api/dead-letters?${new URLSearchParams({ ...query, limit: String(query.limit) })}`
