'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { type PublishAnswer, publishAnswer } from '#contracts/api/publish.ts'
import type { Problem } from '#contracts/errors.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { randomSource, sampleOf } from '#contracts/schemas/sample.ts'
import { api } from '#web/http/api.ts'
import { bodyOf, type PublishBody, textOf } from './publish-text.ts'

export type PublishAttempt =
  | { state: 'none' }
  | { state: 'sending' }
  | { state: 'acked'; answer: PublishAnswer }
  | { state: 'refused'; problem: Problem }

/**
 * What is about to be published. `text` is set while the JSON pane holds text that cannot be published: until it is corrected or
 * given up it is kept as it is and the form is locked, so that neither overwrites the other.
 */
interface PublishState {
  body: PublishBody | undefined
  /** Contents of other types that were begun, by type. */
  drafts: Record<string, PublishBody>
  text: string | undefined
  keep: boolean
  template: string | undefined
  outcome: PublishAttempt
  choose: (type: EventTypeDefinition) => void
  fill: (body: PublishBody, template?: string) => void
  edit: (body: PublishBody) => void
  editText: (text: string) => void
  giveUpText: () => void
  setKeep: (keep: boolean) => void
  publish: (type: EventTypeDefinition) => Promise<void>
}

/** A new body for a type, from its schema and example. */
export const newBody = (type: EventTypeDefinition): PublishBody => ({
  type: type.name,
  data: sampleOf(type.schema, type.example, randomSource),
})

export const usePublish = create<PublishState>()((set, get) => ({
  body: undefined,
  drafts: {},
  text: undefined,
  keep: true,
  template: undefined,
  outcome: { state: 'none' },
  choose: (type) => {
    const { body, drafts } = get()
    const kept = body === undefined ? drafts : { ...drafts, [body.type]: body }
    set({
      body: kept[type.name] ?? newBody(type),
      drafts: kept,
      text: undefined,
      template: undefined,
      outcome: { state: 'none' },
    })
  },
  fill: (body, template) => set({ body, template, text: undefined, outcome: { state: 'none' } }),
  edit: (body) => set(({ outcome }) => ({ body, outcome: outcome.state === 'refused' ? { state: 'none' } : outcome })),
  editText: (text) => {
    const read = bodyOf(text)
    if (read.ok) set({ body: read.body, text: textOf(read.body) === text ? undefined : text })
    else set({ text })
  },
  giveUpText: () => set({ text: undefined }),
  setKeep: (keep) => set({ keep }),
  publish: async (type) => {
    const { body, outcome } = get()
    if (!body || outcome.state === 'sending') return
    set({ outcome: { state: 'sending' } })
    const result = await api.post('/event', body)
    if (!result.ok) return set({ outcome: { state: 'refused', problem: result.problem } })
    set({ outcome: { state: 'acked', answer: publishAnswer.parse(result.value) } })
    if (!get().keep) set({ body: renewed(type), text: undefined, template: undefined })
  },
}))

/** Contents for the next event: its uuids are new, so that it is not taken for the last one again. */
function renewed(type: EventTypeDefinition): PublishBody {
  const body = newBody(type)
  const properties = z
    .record(z.string(), z.object({ format: z.string().optional() }).catch({}))
    .safeParse(type.schema.properties)
  for (const [key, property] of Object.entries(properties.data ?? {})) {
    if (property.format === 'uuid' && key in body.data) body.data[key] = randomSource.uuid()
  }
  return body
}

const storageKey = 'faultline.publish'
const stored = z.object({
  body: z.object({ type: z.string(), key: z.string().optional(), data: z.record(z.string(), z.unknown()) }).optional(),
  keep: z.boolean(),
})

/** Brings back what this tab was about to publish, and keeps it from now on; for the first mount in a browser. */
export function rememberPublish(storage: Storage): void {
  const { body } = usePublish.getState()
  const text = storage.getItem(storageKey)
  const found = text === null ? undefined : stored.safeParse(safeJson(text))
  if (!body && found?.success) usePublish.setState({ body: found.data.body, keep: found.data.keep })
  usePublish.subscribe(({ body, keep }) => storage.setItem(storageKey, writeJson({ body, keep })))
}

/** Begins with nothing: what was about to be published could not be shown. */
export function forgetPublish(storage: Storage): void {
  usePublish.setState({ body: undefined, drafts: {}, text: undefined, template: undefined, outcome: { state: 'none' } })
  storage.removeItem(storageKey)
}

function safeJson(text: string): unknown {
  try {
    return parseExact(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
