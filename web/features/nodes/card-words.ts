import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import type { GlyphName } from '#web/ui/glyph.tsx'
import type { Tone } from '#web/ui/recipes/tone.ts'
import { age, count, durationWords, rate } from '../words/figures.ts'
import type { NodeObligations } from './node-obligations.ts'

/** What a card says: one big figure with its unit, one fact, and how full its backlog is. */
export interface CardWords {
  value: string
  unit: string
  fact: string
  /** Shape and tone of a fact that is a state. */
  mark?: { tone: Tone; glyph: GlyphName }
  /** Of a low card: what is beside the figure, instead of the fact. */
  aside?: string
  /** Filled slots of ten; absent if there is no backlog to show. */
  slots?: number
  /** Tone of the sparkline where the figure is a backlog that grows. */
  tone?: Tone
}

/** A backlog from which a queue is drawn in the colour of messages that wait. */
export const lagThreshold = 100

/** Messages that a queue has not settled: visible, in flight and delayed. */
export const lagOf = (figures: Figures | undefined): number =>
  (figures?.depth ?? 0) + (figures?.inFlight ?? 0) + (figures?.delayed ?? 0)

/** Slots on a logarithmic scale: one for the first message, ten from 10,000. */
export const slotsFor = (lag: number): number => (lag === 0 ? 0 : Math.min(10, 1 + Math.floor(Math.log10(lag) * 2.25)))

/** The words of a card with traffic. `figures` is undefined until the first snapshot. */
export function cardWords(
  node: TopologyNode,
  figures: Figures | undefined,
  links: { in: number; out: number },
  partitions = 0,
  owed?: NodeObligations,
): CardWords {
  const perSecond = rate(figures?.ratePerSecond ?? 0)
  switch (node.kind) {
    case 'producer':
      return { value: perSecond, unit: '/s', fact: `${count(figures?.total ?? 0)} sent` }
    case 'topic':
      return {
        value: perSecond,
        unit: '/s',
        fact: partitions > 0 ? partitionWords(partitions) : links.out === 1 ? 'to 1 group' : `to ${links.out} groups`,
      }
    case 'queue': {
      const lag = lagOf(figures)
      const oldest = figures?.oldestAgeMs
      const waiting = oldest === undefined ? `${count(figures?.inFlight ?? 0)} in flight` : `oldest ${age(oldest)}`
      return {
        value: count(lag),
        unit: ' lag',
        fact: lag === 0 ? 'drained' : waiting,
        slots: slotsFor(lag),
        ...(lag >= lagThreshold ? { tone: 'in-flight' as const } : {}),
      }
    }
    case 'consumer':
      return {
        value: perSecond,
        unit: '/s',
        fact: typeof figures?.p95Ms === 'number' ? `handler p95 ${durationWords(figures.p95Ms)}` : 'quiet for 10 s',
        ...owedWords(owed),
      }
    case 'effect':
      return {
        value: count(figures?.total ?? 0),
        unit: ` ${figures?.total === 1 ? effectWords(node).one : effectWords(node).many}`,
        fact: `${perSecond}/s`,
        ...duplicateWords(node, owed),
      }
    case 'retry_topic':
      return retryWords(node, figures)
    case 'dead_letter_queue':
      return { value: count(figures?.depth ?? 0), unit: '', fact: (figures?.depth ?? 0) === 0 ? 'empty' : 'gave up' }
  }
}

function retryWords({ retry }: TopologyNode, figures: Figures | undefined): CardWords {
  const waiting = figures?.depth ?? 0
  const delay = retry?.delayMs === undefined ? 'redrives' : `up to ${durationWords(retry.delayMs)}`
  const oldest = figures?.oldestAgeMs
  return {
    value: count(waiting),
    unit: waiting === 1 ? ' waits' : ' wait',
    fact: waiting > 0 && oldest !== undefined ? `oldest ${age(oldest)}` : delay,
    aside: delay,
    slots: slotsFor(waiting),
    ...(waiting > 0 ? { tone: 'retrying' as const } : {}),
  }
}

/** What a consumer owes beyond its backlog, gravest first; nothing where all is well. */
function owedWords(owed: NodeObligations | undefined): Pick<CardWords, 'fact' | 'mark'> | undefined {
  if (owed === undefined) return undefined
  if (owed.lost > 0) return { fact: `${count(owed.lost)} lost`, mark: { tone: 'lost', glyph: 'lost' } }
  if (owed.retrying === 0) return undefined
  return { fact: `${count(owed.retrying)} ${dueWords(owed.dueInMs)}`, mark: { tone: 'retrying', glyph: 'retrying' } }
}

/** Within this a retry that is due is on its way, in milliseconds. */
const onItsWayMs = 1_000

/** When the next retry runs, in the room of a card: `retry in 1.2 s`, `retry due now`, `overdue 19.8 s`. */
export function dueWords(dueInMs: number | undefined): string {
  if (dueInMs === undefined) return 'retrying'
  if (dueInMs > 0) return `retry in ${age(dueInMs)}`
  return dueInMs > -onItsWayMs ? 'retry due now' : `overdue ${age(-dueInMs)}`
}

function duplicateWords(
  { effect }: TopologyNode,
  owed: NodeObligations | undefined,
): Pick<CardWords, 'fact' | 'mark'> | undefined {
  const duplicates = owed?.duplicates ?? 0
  if (duplicates === 0) return undefined
  const words = duplicates === 1 ? '1 duplicate' : `${count(duplicates)} duplicates`
  return effect === 'email' ? { fact: `${words}, counted` } : { fact: words, mark: { tone: 'lost', glyph: 'lost' } }
}

const effectWords = ({ effect = 'row' }: TopologyNode) => effectOf(effect).words

const partitionWords = (count: number): string => (count === 1 ? '1 partition' : `${count} partitions`)

/** What a card says before anything was published. */
export function quietWords(node: TopologyNode): string {
  switch (node.kind) {
    case 'producer':
      return 'ready'
    case 'topic':
    case 'retry_topic':
    case 'dead_letter_queue':
      return 'empty'
    case 'queue':
      return 'lag 0'
    case 'consumer':
      return 'nothing handled yet'
    case 'effect':
      return `0 ${effectWords(node).many}`
  }
}

/** The second line of a tile. */
export function tileWords(node: TopologyNode, figures: Figures | undefined, owed?: NodeObligations): string {
  const words = cardWords(node, figures, { in: 0, out: 0 }, 0, owed)
  if (node.kind === 'consumer' && words.mark) return words.fact
  if (node.kind === 'queue') return `lag ${words.value}`
  if (node.kind === 'dead_letter_queue') return words.value
  return `${words.value}${words.unit}`
}
