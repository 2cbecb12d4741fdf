/**
 * What a group is owed of a topic. A group of Kafka has no queue: it reads the topic's own log, so where a binding begins
 * and ends must be in the broker. It is kept as committed offsets of a group beside it that never has members (`bindingsGroupOf`):
 * one commit per partition, whose text says from which offset to which other the group takes which type. A message that is acknowledged
 * after `declare` lies in the span, whether or not the group ever ran; one that was there before does not.
 */

/** Offsets from `start` up to, but not with, `end`; without an end it goes on. */
export interface OffsetSpan {
  start: number
  end?: number
}

/** Spans of one partition by event type. */
export type Spans = ReadonlyMap<string, readonly OffsetSpan[]>
/** Spans by topic and partition. */
export type Bindings = ReadonlyMap<string, ReadonlyMap<number, Spans>>

/** Reads what a bindings group committed; what cannot be read binds nothing. */
export function readBindings(committed: ReadonlyMap<string, ReadonlyMap<number, { metadata: string }>>): Bindings {
  return new Map(
    [...committed].map(([topic, partitions]) => [
      topic,
      new Map([...partitions].map(([partition, { metadata }]) => [partition, decodeSpans(metadata)])),
    ]),
  )
}

/** The name of no event type. */
const markName = ''

/**
 * The mark of each topic: drawn when the group was first bound to it, lost with the topic, which takes what was committed for it along. A
 * topic with another mark than before is another log under the same name: offsets in it begin again (clients of a newer protocol
 * know this by the topic's id, KIP-516).
 */
export function readMarks(
  committed: ReadonlyMap<string, ReadonlyMap<number, { metadata: string }>>,
): ReadonlyMap<string, string> {
  return new Map(
    [...committed].flatMap(([topic, partitions]) => {
      const marks = [...partitions.values()].map(({ metadata }) => decode(metadata)[markName])
      const mark = marks.find((candidate) => typeof candidate === 'string')
      return mark === undefined ? [] : [[topic, mark] as const]
    }),
  )
}

function decodeSpans(text: string): Spans {
  try {
    return new Map(
      Object.entries(decode(text)).flatMap(([type, spans]) =>
        typeof spans === 'string'
          ? []
          : [[type, spans.map(([start, end]) => (end === undefined ? { start } : { start, end }))] as const],
      ),
    )
  } catch {
    return new Map()
  }
}

function decode(text: string): Record<string, string | [number, number?][]> {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** The text of a commit: `{"":"5f0c…","order_placed":[[0,120],[300]]}`, with the topic's mark under the empty name. */
export const encodeSpans = (spans: Spans, mark: string): string =>
  JSON.stringify({
    [markName]: mark,
    ...Object.fromEntries(
      [...spans].map(([type, list]) => [
        type,
        list.map(({ start, end }) => (end === undefined ? [start] : [start, end])),
      ]),
    ),
  })

/** Spans of a partition. One that was added to the topic after the binding was made belongs to it from its first offset. */
export function spansOf(bindings: Bindings, topic: string, partition: number): Spans {
  const partitions = bindings.get(topic)
  const known = partitions?.get(partition)
  if (known || !partitions) return known ?? new Map()
  const open = new Set([...partitions.values()].flatMap(openTypes))
  return new Map([...open].map((type) => [type, [{ start: 0 }]]))
}

const openTypes = (spans: Spans): string[] =>
  [...spans].flatMap(([type, list]) => (list.some(({ end }) => end === undefined) ? [type] : []))

/** Types that the group takes of a topic now. */
export const subscribedTypes = (bindings: Bindings, topic: string): string[] => [
  ...new Set([...(bindings.get(topic)?.values() ?? [])].flatMap(openTypes)),
]

/** Whether the message at `offset` is the group's. One that names no type is, where any type is taken. */
export function isOwed(spans: Spans, type: string | undefined, offset: number): boolean {
  const lists = type === undefined ? [...spans.values()] : [spans.get(type) ?? []]
  return lists.some((list) => list.some(({ start, end }) => offset >= start && (end === undefined || offset < end)))
}

/** The first offset from `from` on that may be owed; undefined if none is. */
export function nextOwed(spans: Spans, from: number): number | undefined {
  const starts = [...spans.values()]
    .flat()
    .filter(({ end }) => end === undefined || end > from)
    .map(({ start }) => Math.max(start, from))
  return starts.length === 0 ? undefined : Math.min(...starts)
}

/** How many offsets in [from, to) lie in some span. */
export function owedBetween(spans: Spans, from: number, to: number): number {
  const parts = [...spans.values()]
    .flat()
    .map(({ start, end = to }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)
  let count = 0
  let reached = from
  for (const { start, end } of parts) {
    count += Math.max(0, end - Math.max(start, reached))
    reached = Math.max(reached, end)
  }
  return count
}

/**
 * The spans of a partition after the group takes `types` from `end` on: what it takes already goes on where it began, what is
 * new begins at `end`, what it takes no longer ends there. Spans that the group has passed (`committed`) are forgotten.
 */
export function rebind(spans: Spans, types: readonly string[], end: number, committed: number | undefined): Spans {
  const next = new Map<string, OffsetSpan[]>()
  for (const type of new Set([...spans.keys(), ...types])) {
    const list = (spans.get(type) ?? []).map((span) =>
      span.end === undefined && !types.includes(type) ? { ...span, end: Math.max(end, span.start) } : span,
    )
    if (types.includes(type) && !list.some((span) => span.end === undefined)) list.push({ start: end })
    const passed = committed ?? 0
    const kept = list
      .filter((span) => span.end === undefined || (span.end > span.start && span.end > passed))
      .map((span) => ({ ...span, start: Math.max(span.start, Math.min(passed, span.end ?? passed)) }))
    if (kept.length > 0) next.set(type, kept)
  }
  return next
}
