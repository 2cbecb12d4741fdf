import type { Obligation } from '#contracts/api/journey.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { CardWords } from '#web/features/nodes/card-words.ts'
import { retriesOf } from '#web/features/nodes/retry-nodes.ts'
import { durationWords } from '#web/features/words/figures.ts'

/** The key of what is said of all retry topics of a group together. */
export const allRetriesOf = (group: string): string => `${group}.retry`

/** A retry topic in which a message waited for an attempt, and what is said of that. */
export interface PassedRetry {
  /** Id of the node. */
  id: string
  words: CardWords
}

/**
 * The retry topics that a message passed in a group, each with how long it waited there, and what is said where all are one node; undefined
 * where the graph has none or it passed none.
 */
export function retriesPassed(
  { group, attempts, state }: Obligation,
  { nodes }: Pick<Topology, 'nodes'>,
): { passed: PassedRetry[]; all: CardWords } | undefined {
  const levels = retriesOf(nodes, group)
  const waits = new Map<string, { ms: number; times: number }>()
  for (const [at, { attempt, startedAt, handlingMs }] of attempts.entries()) {
    const next = attempts[at + 1]
    if (next === undefined && state !== 'retrying') break
    const level = levels[Math.min(attempt, levels.length) - 1]
    if (!level || next?.attempt === attempt) continue
    const left = Date.parse(startedAt) + (handlingMs ?? 0)
    const before = waits.get(level.id) ?? { ms: 0, times: 0 }
    const ms = next === undefined ? 0 : Math.max(0, Date.parse(next.startedAt) - left)
    waits.set(level.id, { ms: before.ms + ms, times: before.times + 1 })
  }
  if (waits.size === 0) return undefined
  const sum = { ms: 0, times: 0 }
  for (const { ms, times } of waits.values()) Object.assign(sum, { ms: sum.ms + ms, times: sum.times + times })
  return { passed: [...waits].map(([id, wait]) => ({ id, words: wordsOf(wait) })), all: wordsOf(sum) }
}

function wordsOf({ ms, times }: { ms: number; times: number }): CardWords {
  const [value = '', ...unit] = durationWords(Math.round(ms)).split(' ')
  return { value, unit: ` ${unit.join(' ')} waited`, fact: times === 1 ? 'once' : `${times} times` }
}
