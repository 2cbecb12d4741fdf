'use client'

import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { z } from 'zod'
import {
  type MailDestination,
  mailDestination,
  type OutboxEmail,
  type OutboxRow,
  outboxEmail,
  outboxRow,
} from '#contracts/api/outbox.ts'
import type { Problem } from '#contracts/errors.ts'
import { read, serverState } from '#web/http/server-state.ts'

export type OutboxKind = 'emails' | 'rows'

/** What is looked for: one kind, a text, one message. */
export interface OutboxSearch {
  kind: OutboxKind
  q: string
  of: string
}

/** What was found, newest first. */
export interface Outbox {
  emails: OutboxEmail[]
  rows: OutboxRow[]
  total: number
  /** Where mails go now; undefined until the first page of mails is there. */
  destination: MailDestination | undefined
  more: boolean
  loading: boolean
  problem: Problem | undefined
  /** Reads all of it again. */
  reload: () => void
  /** Reads the newest page again and puts what is new on top. */
  refresh: () => Promise<void>
  loadOlder: () => void
}

export interface Page {
  emails: OutboxEmail[]
  rows: OutboxRow[]
  total: number
  destination?: MailDestination | undefined
  nextCursor?: string | undefined
}

const limit = 100
/** Items of the newest page, into which what is new comes: so that a list which stays open does not grow for ever. */
const mostNewest = 1_000
const pages = {
  emails: z.object({
    items: z.array(outboxEmail),
    nextCursor: z.string().optional(),
    total: z.int(),
    destination: mailDestination,
  }),
  rows: z.object({ items: z.array(outboxRow), nextCursor: z.string().optional(), total: z.int() }),
}

async function readPage({ kind, q, of }: OutboxSearch, cursor?: string, signal?: AbortSignal): Promise<Page> {
  const query = new URLSearchParams({ limit: String(limit) })
  if (q !== '') query.set('q', q)
  if (of !== '') query.set('messageId', of)
  if (cursor !== undefined) query.set('cursor', cursor)
  const path = `/api/outbox/${kind}?${query}`
  if (kind === 'rows') {
    const { items, ...rest } = await read(path, pages.rows, signal)
    return { emails: [], rows: items, ...rest }
  }
  const { items, ...rest } = await read(path, pages.emails, signal)
  return { emails: items, rows: [], ...rest }
}

/** Of one mailbox position or one row, unique. */
export const emailKey = (email: OutboxEmail): string => email.position
export const rowKey = (row: OutboxRow): string => `${row.messageId} ${row.table}`

function together<Item>(newer: readonly Item[], older: readonly Item[], key: (item: Item) => string): Item[] {
  const known = new Set(newer.map(key))
  return [...newer, ...older.filter((item) => !known.has(key(item)))]
}

const sizeOf = ({ emails, rows }: Page): number => emails.length + rows.length

/**
 * The newest page above those that were read before, which go on where they did. Where it grew too long, a list that nobody has gone back in
 * begins again with its newest, and one in which somebody reads older ones does not move.
 */
export function withNewest(newer: Page, [first, ...older]: readonly Page[]): Page[] {
  if (first === undefined) return [newer]
  const merged: Page = {
    ...newer,
    emails: together(newer.emails, first.emails, emailKey),
    rows: together(newer.rows, first.rows, rowKey),
    nextCursor: sizeOf(first) > 0 ? first.nextCursor : newer.nextCursor,
  }
  if (sizeOf(merged) <= mostNewest) return [merged, ...older]
  return older.length === 0 ? [newer] : [{ ...first, total: newer.total }, ...older]
}

/** What the consumers did, as far as it fits a search; a search begins with its newest page each time that it is opened. */
export function useOutbox(search: OutboxSearch): Outbox {
  const queryKey = ['outbox', search]
  const { data, error, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readPage(search, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    gcTime: 0,
  })
  const found = data?.pages ?? []
  const [newest] = found
  const emails = found.reduce<OutboxEmail[]>((all, page) => together(all, page.emails, emailKey), [])
  const rows = found.reduce<OutboxRow[]>((all, page) => together(all, page.rows, rowKey), [])
  return {
    ...{ emails, rows, total: newest?.total ?? 0, destination: newest?.destination },
    ...{ loading: isFetching, problem: error ?? undefined, more: hasNextPage },
    reload: () => void refetch(),
    refresh: async () => {
      // What cannot be read now is asked for again at the next change.
      const newer = await readPage(search).catch(() => undefined)
      if (!newer) return
      serverState.setQueryData<InfiniteData<Page>>(queryKey, (before) => {
        if (!before) return before
        const pages = withNewest(newer, before.pages)
        return { pages, pageParams: before.pageParams.slice(0, pages.length) }
      })
    },
    loadOlder: () => void fetchNextPage(),
  }
}
