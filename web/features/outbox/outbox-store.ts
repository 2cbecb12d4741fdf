'use client'

import { z } from 'zod'
import { create } from 'zustand'
import {
  type MailDestination,
  mailDestination,
  type OutboxEmail,
  type OutboxRow,
  outboxEmail,
  outboxRow,
} from '#contracts/api/outbox.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'

export type OutboxKind = 'emails' | 'rows'

/** What is looked for: one kind, a text, one message. */
export interface OutboxSearch {
  kind: OutboxKind
  q: string
  of: string
}

interface OutboxState {
  search: OutboxSearch
  emails: OutboxEmail[]
  rows: OutboxRow[]
  total: number
  /** Where mails go now; undefined until the first page of mails is there. */
  destination: MailDestination | undefined
  older: string | undefined
  loading: boolean
  problem: Problem | undefined
  /** Begins a search anew. */
  open: (search: OutboxSearch) => Promise<void>
  /** Fetches the newest page again and puts what is new on top. */
  refresh: () => Promise<void>
  loadOlder: () => Promise<void>
}

const limit = 50
/** So that a page which stays open does not grow for ever. */
const most = 1_000
const pages = {
  emails: z.object({
    items: z.array(outboxEmail),
    nextCursor: z.string().optional(),
    total: z.int(),
    destination: mailDestination,
  }),
  rows: z.object({ items: z.array(outboxRow), nextCursor: z.string().optional(), total: z.int() }),
}

const addressOf = ({ kind, q, of }: OutboxSearch, cursor?: string): string => {
  const query = new URLSearchParams({ limit: String(limit) })
  if (q !== '') query.set('q', q)
  if (of !== '') query.set('messageId', of)
  if (cursor !== undefined) query.set('cursor', cursor)
  return `/api/outbox/${kind}?${query}`
}

/** Items of one mailbox position or one row; newest first. */
export const emailKey = (email: OutboxEmail): string => email.position
export const rowKey = (row: OutboxRow): string => `${row.messageId} ${row.table}`

function together<Item>(newer: Item[], older: Item[], key: (item: Item) => string): Item[] {
  const known = new Set(newer.map(key))
  return [...newer, ...older.filter((item) => !known.has(key(item)))].slice(0, most)
}

export const useOutbox = create<OutboxState>()((set, get) => {
  const fetchPage = async (search: OutboxSearch, place: 'anew' | 'top' | 'end', cursor?: string): Promise<void> => {
    const answer = await api.get(addressOf(search, cursor))
    if (get().search !== search) return
    if (!answer.ok) return set({ loading: false, problem: answer.problem })
    const page =
      search.kind === 'emails'
        ? { emails: pages.emails.parse(answer.value), rows: undefined }
        : { emails: undefined, rows: pages.rows.parse(answer.value) }
    const { total, nextCursor } = page.emails ?? page.rows
    const state = get()
    const merge = <Item>(items: Item[], before: Item[], key: (item: Item) => string): Item[] =>
      place === 'anew' ? items : place === 'top' ? together(items, before, key) : together(before, items, key)
    set({
      loading: false,
      problem: undefined,
      total,
      ...(page.emails ? { destination: page.emails.destination } : {}),
      emails: page.emails ? merge(page.emails.items, state.emails, emailKey) : [],
      rows: page.rows ? merge(page.rows.items, state.rows, rowKey) : [],
      // A refreshed top does not move the end of the list.
      ...(place === 'top' && state.emails.length + state.rows.length > 0 ? {} : { older: nextCursor }),
    })
  }
  return {
    search: { kind: 'emails', q: '', of: '' },
    emails: [],
    rows: [],
    total: 0,
    destination: undefined,
    older: undefined,
    loading: true,
    problem: undefined,
    open: async (search) => {
      set({ search, emails: [], rows: [], total: 0, older: undefined, loading: true, problem: undefined })
      await fetchPage(search, 'anew')
    },
    refresh: () => fetchPage(get().search, 'top'),
    loadOlder: async () => {
      const { older, search, loading } = get()
      if (older === undefined || loading) return
      set({ loading: true })
      await fetchPage(search, 'end', older)
    },
  }
})
