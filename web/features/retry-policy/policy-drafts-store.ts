'use client'
import { create } from 'zustand'
import type { PolicyDraft } from './policy-draft.ts'

/** What was typed and not saved, so that it is there again after another tab or drawer; until the page is left. */
interface PolicyDrafts {
  /** By consumer and event type, as `draftKey` says it. */
  drafts: Record<string, PolicyDraft>
  /** The event type whose policy each consumer's tab shows. */
  types: Record<string, string>
  /** When a policy was saved last, by the same key; epoch milliseconds. */
  savedAt: Record<string, number>
  /** Changes the draft, which begins as what is stored: `stored`. */
  edit: (key: string, stored: PolicyDraft, change: (before: PolicyDraft) => PolicyDraft) => void
  discard: (key: string) => void
  /** Keeps the draft if it is not the one that was sent any more. */
  saved: (key: string, at: number, sent: PolicyDraft | undefined) => void
  choose: (consumer: string, type: string) => void
}

/** Names a policy: of a consumer for one event type, or for all of them. */
export const draftKey = (consumer: string, type: string | undefined): string => `${consumer} ${type ?? ''}`

export const usePolicyDrafts = create<PolicyDrafts>()((set) => ({
  drafts: {},
  types: {},
  savedAt: {},
  edit: (key, stored, change) =>
    set(({ drafts, savedAt }) => ({
      ...{ drafts: { ...drafts, [key]: change(drafts[key] ?? stored) }, savedAt: without(savedAt, key) },
    })),
  discard: (key) => set(({ drafts }) => ({ drafts: without(drafts, key) })),
  saved: (key, at, sent) =>
    set(({ drafts, savedAt }) => ({
      ...{ drafts: drafts[key] === sent ? without(drafts, key) : drafts, savedAt: { ...savedAt, [key]: at } },
    })),
  choose: (consumer, type) => set(({ types }) => ({ types: { ...types, [consumer]: type } })),
}))

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  const { [key]: _, ...rest } = record
  return rest
}
