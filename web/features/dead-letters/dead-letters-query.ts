'use client'

import { useQuery } from '@tanstack/react-query'
import {
  type DeadLetterItem,
  type DeadLetterList,
  deadLetterList,
  deadLetterListLimit,
  lookCursor,
} from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { type ReadState, read, readState, serverState } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
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

/** Reads them again if they are on screen; calls while one is under way share it. */
export const reloadDeadLetters = (): Promise<void> =>
  serverState.refetchQueries({ queryKey, type: 'active' }, { cancelRefetch: false })

/** Shows or hides the letters of a cause. */
export function toggleLetters(cause: string): void {
  useDeadLetters.getState().toggle(cause)
  if (useDeadLetters.getState().open.has(cause) && !knownLetters().letters.has(cause)) {
    void fetchLetters(cause, firstLetters)
  }
}

const brokerNow = () => useLive.getState().broker?.broker

/** Further looks that the reader asked for on the broker of now. */
export function looksNow(): number {
  const { further } = useDeadLetters.getState()
  return further.broker === brokerNow() ? further.looks : 0
}

/** Looks further into the queues that have more letters than were read, `deadLetterListLimit` of each. */
export async function lookFurther(): Promise<void> {
  useDeadLetters.setState({ further: { looks: looksNow() + 1, broker: brokerNow() } })
  // One that is under way began with fewer looks.
  await serverState.refetchQueries({ queryKey, type: 'active' }, { cancelRefetch: true })
}

/** Fetches up to `wanted` letters of a cause. */
export async function fetchLetters(cause: string, wanted: number): Promise<void> {
  const items = await readCause(cause, wanted).catch((problem: Problem) => {
    useDeadLetters.setState({ problem })
    return undefined
  })
  if (items === undefined) return
  serverState.setQueryData<DeadLetters>(queryKey, (dead = nothing) => ({
    ...dead,
    letters: new Map([...dead.letters, [cause, items]]),
  }))
}

/** Letters of a cause, page after page, newest first. Rejects with a problem where a page cannot be read. */
async function readCause(cause: string, wanted: number, signal?: AbortSignal): Promise<DeadLetterItem[]> {
  const items: DeadLetterItem[] = []
  let cursor: string | undefined
  do {
    const limit = Math.min(wanted - items.length, deadLetterListLimit)
    const page = await read(listPath({ cause, limit, cursor }), deadLetterList, signal)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && items.length < wanted)
  return items.sort((a, b) => b.at.localeCompare(a.at))
}

/** One letter is the least that a list has: the causes are wanted. */
async function readAll(signal: AbortSignal): Promise<DeadLetters> {
  const looks = looksNow()
  const first = { limit: 1, cursor: looks === 0 ? undefined : lookCursor(looks) }
  const { causes, incomplete } = await read(listPath(first), deadLetterList, signal)
  const keys = new Set(causes.map(({ key }) => key))
  const standing = () => [...knownLetters().letters].filter(([key]) => keys.has(key))
  const fresh = await Promise.all(
    standing().map(async ([cause, { length }]) => {
      const found = causes.find(({ key }) => key === cause)?.count ?? length
      return [cause, await readCause(cause, Math.min(found, pageFor(length)), signal)] as const
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

/** Where all of the first page were there, others may be behind them; a longer list stays as long as it is, in whole pages. */
const pageFor = (shown: number): number =>
  shown > firstLetters ? Math.ceil(shown / deadLetterListLimit) * deadLetterListLimit : firstLetters

function listPath({ cause, limit, cursor }: { cause?: string; limit: number; cursor?: string | undefined }): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (cause !== undefined) query.set('cause', cause)
  if (cursor !== undefined) query.set('cursor', cursor)
  return `/api/dead-letters?${query}`
}
