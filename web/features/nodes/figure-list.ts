import { type Figures, rateWindowMs } from '#contracts/api/live.ts'
import type { TopologyNode } from '#contracts/api/topology.ts'
import { count, durationWords, rate } from '../words/figures.ts'
import { lagOf } from './card-words.ts'

export interface Figure {
  label: string
  value: string
  unit?: string
  /** What it is, where its label does not say all of it. */
  about?: string
}

/** What every rate is. */
export const overWindow = `mean of the last ${rateWindowMs / 1_000} s`

const totalWords: Record<TopologyNode['kind'], string> = {
  producer: 'published',
  topic: 'published',
  queue: 'taken',
  consumer: 'settled',
  effect: 'in all',
  dead_letter_queue: 'ever',
  retry_topic: 'came',
}

const ms = (label: string, value: number | null | undefined): Figure[] =>
  value === undefined ? [] : [{ label, value: value === null ? '–' : durationWords(value) }]

/** All figures of a node or link that the lab measures, most wanted first. Those that it does not measure are left out. */
export function figureList(kind: TopologyNode['kind'] | 'link', figures: Figures | undefined): Figure[] {
  if (!figures) return []
  const list: Figure[] = []
  if (kind === 'retry_topic') list.push({ label: 'waiting', value: count(figures.depth ?? 0) })
  else if (figures.depth !== undefined && kind !== 'dead_letter_queue') {
    list.push({ label: 'lag', value: count(lagOf(figures)) }, { label: 'visible', value: count(figures.depth) })
  }
  if (kind === 'dead_letter_queue') list.push({ label: 'in the queue', value: count(figures.depth ?? 0) })
  if (figures.inFlight !== undefined) list.push({ label: 'in flight', value: count(figures.inFlight) })
  if (figures.delayed !== undefined) list.push({ label: 'delayed', value: count(figures.delayed) })
  if (figures.oldestAgeMs !== undefined) list.push({ label: 'oldest', value: durationWords(figures.oldestAgeMs) })
  list.push({ label: 'rate', value: rate(figures.ratePerSecond), unit: '/s', about: overWindow })
  list.push({ label: kind === 'link' ? 'passed' : totalWords[kind], value: count(figures.total) })
  if (figures.errorsPerSecond !== undefined)
    list.push({ label: 'errors', value: rate(figures.errorsPerSecond), unit: '/s', about: overWindow })
  if (figures.retriesPerSecond !== undefined)
    list.push({ label: 'retries', value: rate(figures.retriesPerSecond), unit: '/s', about: overWindow })
  return [...list, ...ms('p50', figures.p50Ms), ...ms('p95', figures.p95Ms), ...ms('p99', figures.p99Ms)]
}
