import type { MessageRow, Obligation, ObligationState, PublishState } from '#contracts/api/journey.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { durationWords } from '../words/figures.ts'

/** How a state is shown: never by colour alone, so tone and glyph come together. */
export interface StatusView {
  tone: Tone
  glyph: GlyphName
  label: string
  /** What is known beyond the state, in few words. */
  detail?: string
}

type Group = MessageRow['groups'][number]

/** A group's cell in the tail. `now` is epoch milliseconds by the server's clock. */
export function groupStatus(row: MessageRow, group: Group, now: number): StatusView {
  switch (group.state) {
    case 'waiting':
      return {
        tone: 'in-flight',
        glyph: 'waiting',
        label: `waiting ${(Math.max(0, now - Date.parse(row.publishedAt)) / 1000).toFixed(2)} s`,
      }
    case 'handling':
      return {
        tone: 'in-flight',
        glyph: 'handling',
        label: 'handling',
        detail: `attempt ${Math.max(1, group.attempts)}`,
      }
    case 'retrying': {
      const left = group.dueAt === undefined ? undefined : Date.parse(group.dueAt) - now
      const when = left === undefined ? '' : left > 0 ? ` in ${durationWords(left)}` : ' is due'
      return {
        tone: 'retrying',
        glyph: 'retrying',
        label: 'retrying',
        detail: `attempt ${group.attempts + 1}${when}`,
      }
    }
    case 'delivered': {
      const time = group.settledInMs === undefined ? {} : { detail: durationWords(group.settledInMs) }
      if (group.attempts <= 1) return { tone: 'delivered', glyph: 'delivered', label: 'delivered', ...time }
      return { tone: 'retried', glyph: 'retried', label: `delivered after ${group.attempts} attempts`, ...time }
    }
    case 'dead_lettered': {
      const why = group.errorType ?? (group.reason === undefined ? undefined : reasonWords[group.reason])
      return { tone: 'dead', glyph: 'dead', label: 'dead-lettered', ...(why === undefined ? {} : { detail: why }) }
    }
    case 'lost':
      return { tone: 'lost', glyph: 'lost', label: 'lost' }
  }
}

export const reasonWords = {
  max_attempts: 'attempts used up',
  non_retryable: 'not retryable',
  undecodable: 'cannot be read',
  expired: 'expired',
} as const

/** A publish that is not simply acknowledged has a word of its own. */
export function publishStatus(state: PublishState): StatusView {
  switch (state) {
    case 'attempted':
      return { tone: 'in-flight', glyph: 'waiting', label: 'publishing' }
    case 'acked':
      return { tone: 'delivered', glyph: 'delivered', label: 'published' }
    case 'recovered':
      return { tone: 'delivered', glyph: 'delivered', label: 'recovered' }
    case 'failed':
      return { tone: 'lost', glyph: 'lost', label: 'publish failed' }
    case 'indeterminate':
      return { tone: 'idle', glyph: 'indeterminate', label: 'indeterminate' }
    case 'absent':
      return { tone: 'idle', glyph: 'skipped', label: 'absent' }
  }
}

/** States of an obligation, gravest first. */
export const gravity: ObligationState[] = ['lost', 'dead_lettered', 'retrying', 'handling', 'waiting', 'delivered']

/** The state of a whole message: the gravest of its groups', or the publish's if none has it. */
export function messageStatus(
  publish: PublishState,
  obligations: Pick<Obligation, 'state' | 'attempts'>[],
): StatusView {
  if (publish === 'failed' || publish === 'absent' || (publish === 'indeterminate' && obligations.length === 0)) {
    return publishStatus(publish)
  }
  const state = gravity.find((candidate) => obligations.some((obligation) => obligation.state === candidate))
  switch (state) {
    case undefined:
      return publishStatus(publish)
    case 'lost':
      return { tone: 'lost', glyph: 'lost', label: 'Lost' }
    case 'dead_lettered':
      return { tone: 'dead', glyph: 'dead', label: 'Dead-lettered' }
    case 'retrying':
      return { tone: 'retrying', glyph: 'retrying', label: 'Retrying' }
    case 'handling':
    case 'waiting':
      return { tone: 'in-flight', glyph: 'in-flight', label: 'In flight' }
    case 'delivered': {
      const retried = obligations.some((obligation) => handlerRuns(obligation.attempts) > 1)
      return retried
        ? { tone: 'retried', glyph: 'retried', label: 'Delivered after retries' }
        : { tone: 'delivered', glyph: 'delivered', label: 'Delivered' }
    }
  }
}

/** Attempts up to the first success: a later delivery that the inbox suppressed is not a retry. */
export function handlerRuns(attempts: Obligation['attempts']): number {
  const success = attempts.findIndex((attempt) => attempt.outcome === 'ok')
  return success === -1 ? attempts.length : success + 1
}
