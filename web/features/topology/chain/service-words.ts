import type { Figures } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { lagOf } from '../../nodes/card-words.ts'
import type { NodeObligations } from '../../nodes/node-obligations.ts'
import { age, count, rate } from '../../words/figures.ts'
import type { FoldedParts } from './fold-services.ts'

/** What a folded service's card says. */
export interface ServiceWords {
  value: string
  unit: string
  /** What runs it. */
  runs: string
  /** What waits for it, or what a source has sent. */
  waits: string
  /** Waiting for another attempt. */
  retrying: number
  lost: number
  /** What it does, or how many events it sends. */
  does: string
  /** Of its dead-letter queue; undefined: it has none. */
  dead: number | undefined
  lag: number
}

export interface ServiceFigures {
  own: Figures | undefined
  queue: Figures | undefined
  dead: Figures | undefined
  /** By id of the effect. */
  effects: Record<string, Figures | undefined>
  owed: NodeObligations | undefined
}

/** The words of a service and of all that is folded into its card. */
export function serviceWords(node: TopologyNode, parts: FoldedParts, figures: ServiceFigures): ServiceWords {
  const lag = lagOf(figures.queue)
  const oldest = figures.queue?.oldestAgeMs
  const [effect] = parts.effects
  const isSource = node.kind === 'producer'
  return {
    value: rate(figures.own?.ratePerSecond ?? 0),
    unit: '/s',
    runs: runsOf(node, parts),
    waits: isSource
      ? `${count(figures.own?.total ?? 0)} sent`
      : `${count(lag)} waiting${lag > 0 && oldest !== undefined ? `, ${age(oldest)}` : ''}`,
    retrying: figures.owed?.retrying ?? 0,
    lost: figures.owed?.lost ?? 0,
    does: effect ? effectWords(effect, figures.effects[effect.id]) : sendsWords(parts.sends),
    dead: parts.deadLetters === undefined ? undefined : (figures.dead?.depth ?? 0),
    lag,
  }
}

/** `python3 payment.py`; of a worker of the lab itself what it does. */
function runsOf(node: TopologyNode, parts: FoldedParts): string {
  if (node.runs !== undefined) return node.runs
  const kind = parts.effects[0]?.effect
  if (kind !== undefined) return kind === 'email' ? 'built-in e-mail' : 'built-in database'
  return node.kind === 'producer' ? 'built-in source' : ''
}

function effectWords({ effect = 'row' }: TopologyNode, figures: Figures | undefined): string {
  const total = figures?.total ?? 0
  const { one, many } = effectOf(effect).words
  return `${count(total)} ${total === 1 ? one : many}`
}

export const sendsWords = (sends: number): string =>
  sends === 0 ? 'sends nothing' : sends === 1 ? 'sends 1 event' : `sends ${sends} events`

/** A strip that is full at 1,000. `filled` of `slots` from the bottom, of which the upper `retrying` wait for another attempt. */
export function stripOf(lag: number, retrying: number, slots: number): { filled: number; retrying: number } {
  const waiting = Math.max(lag, retrying)
  const full = 1_000
  const filled = waiting === 0 ? 0 : Math.min(slots, 1 + Math.floor((Math.log(waiting) / Math.log(full)) * (slots - 1)))
  return { filled, retrying: retrying === 0 ? 0 : Math.max(1, Math.round((filled * retrying) / Math.max(1, waiting))) }
}
