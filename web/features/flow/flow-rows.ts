import type { FlowView } from '#contracts/api/flow.ts'
import type { Attempt, Journey } from '#contracts/api/journey.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { obligationStatus } from '../message/waterfall/obligation-status.ts'
import { type AxisTick, timeAxis } from '../message/waterfall/time-axis.ts'
import type { InnerSpan, WaterfallBar, WaterfallRow, WaterfallSpan } from '../message/waterfall/waterfall-row.ts'
import { waterfallSpansOf } from '../message/waterfall/waterfall-spans.ts'
import { publishStatus } from '../messages/message-status.ts'
import { senderOf } from '../nodes/sender.ts'
import { durationWords, millis } from '../words/figures.ts'
import { type EventNode, flowTree, type ServiceNode } from './flow-tree.ts'

/** From this depth on rows are indented no further, so that names keep their room. */
export const deepest = 10

/** One row of a flow's waterfall. */
export interface FlowLineRow extends Omit<WaterfallRow, 'attempt' | 'bars' | 'inner'> {
  kind: 'event' | 'service' | 'span' | 'again' | 'program'
  /** Causes above it. */
  depth: number
  /** Depths at which a line from above goes on below this row. */
  through: number[]
  /** Whether more of its parent follow. */
  tee: boolean
  bars: (Omit<WaterfallBar, 'kind'> & { kind: WaterfallBar['kind'] | 'again' })[]
  /** The message that the row is about. */
  message: string
  /** The attempt that can be opened. */
  selected?: { group: string; attempt: Attempt; journey: Journey }
}

export interface FlowWaterfall {
  ticks: AxisTick[]
  rows: FlowLineRow[]
}

/** A row before it is laid on the axis; times are epoch milliseconds. */
interface Draft extends Omit<FlowLineRow, 'depth' | 'through' | 'tee' | 'bars'> {
  bars: { kind: WaterfallBar['kind'] | 'again'; from: number; to: number }[]
  /** Made when it is their turn. */
  children: () => Draft[]
}

/**
 * The waterfall of a flow on one linear axis of four divisions. What still goes on reaches to `now`, epoch milliseconds by the
 * server's clock. `faults`: all that the lab knows of.
 */
export function flowWaterfall(flow: FlowView, now: number, faults: readonly Fault[] = []): FlowWaterfall {
  const start = Date.parse(flow.startedAt)
  const lines = inOrder(flowTree(flow).map((node) => eventDraft(node, now, faults)))
  const last = lines.reduce((latest, { draft }) => Math.max(latest, ...draft.bars.map(({ to }) => to)), start)
  const axis = timeAxis(last - start, [])
  const percent = (from: number, to: number): { left: number; width: number } => {
    const left = axis.placeOf(from - start)
    return { left, width: Math.max(0, axis.placeOf(to - start) - left) }
  }
  const rows = lines.map(({ draft: { children: _, bars, ...draft }, ...place }) => ({
    ...draft,
    ...place,
    bars: bars.map(({ kind, from, to }) => ({ kind, ...percent(from, to) })),
  }))
  return { ticks: axis.ticks, rows }
}

type Line = Pick<FlowLineRow, 'depth' | 'through' | 'tee'> & { draft: Draft }

/** All of them, each before what it caused. Without recursion: a circle of events may be as deep as the hop limit allows. */
function inOrder(roots: readonly Draft[]): Line[] {
  const lines: Line[] = []
  const among = (siblings: readonly Draft[], depth: number, through: number[]): Line[] =>
    siblings.map((draft, at) => ({ draft, depth, through, tee: at < siblings.length - 1 })).reverse()
  const open = among(roots, 0, [])
  for (let line = open.pop(); line !== undefined; line = open.pop()) {
    lines.push(line)
    const { depth, tee } = line
    const through = tee && depth < deepest ? [...line.through, depth] : line.through
    open.push(...among(line.draft.children(), depth + 1, through))
  }
  return lines
}

function eventDraft(node: EventNode, now: number, faults: readonly Fault[]): Draft {
  const { journey, services, again } = node
  const at = Date.parse(journey.publish.attemptedAt)
  const acked = journey.publish.ackedAt === undefined ? undefined : Date.parse(journey.publish.ackedAt)
  const status = publishStatus(journey.publish.state)
  return {
    kind: 'event',
    key: journey.id,
    message: journey.id,
    label: journey.type,
    note: journey.publish.state === 'acked' ? `from ${senderOf(journey)}` : status.label,
    tone: journey.publish.state === 'acked' ? 'idle' : status.tone,
    glyph: status.glyph,
    bars: [{ kind: 'sent', from: at, to: at }],
    took: acked === undefined ? '–' : millis(acked - at),
    children: () => [
      ...again.map(({ givenId, attempt, group }, index): Draft => {
        const time = Date.parse(attempt.startedAt) + (attempt.handlingMs ?? 0)
        return {
          kind: 'again',
          key: `${journey.id} again ${index}`,
          message: journey.id,
          label: 'sent again',
          note: 'suppressed',
          why: `${group}, attempt ${attempt.attempt}, sent it under the id ${givenId} once more; it was let through once`,
          ...{ tone: 'idle', glyph: 'skipped' },
          bars: [{ kind: 'again', from: time, to: time }],
          took: `+${durationWords(Math.max(0, time - at))}`,
          children: () => [],
        }
      }),
      ...services.map((service) => serviceDraft(service, journey, acked ?? at, now, faults)),
    ],
  }
}

function serviceDraft(
  { obligation, sent, sentElsewhere }: ServiceNode,
  journey: Journey,
  owedFrom: number,
  now: number,
  faults: readonly Fault[],
): Draft {
  const spans = waterfallSpansOf(journey, obligation, owedFrom, now, faults)
  const status = obligationStatus(obligation)
  const emissions = (nodes: readonly EventNode[]): Draft[] => nodes.map((node) => eventDraft(node, now, faults))
  const base = {
    kind: 'service' as const,
    key: `${journey.id} ${obligation.group}`,
    message: journey.id,
    label: obligation.group,
    tone: status.tone,
    glyph: status.glyph,
  }
  const [wait, run, more] = spans
  const all = [...sent.values()].flat()
  // One run and nothing beside: its wait and its bar are in the row of the service.
  if (wait && run?.attempt && !more && run.attempt.outcome === 'ok' && wait.bars[0]?.kind === 'wait') {
    return {
      ...base,
      ...(run.note === undefined ? {} : { note: run.note }),
      bars: [...wait.bars, ...run.bars],
      took: waitAndRun(run.attempt, wait.to - (wait.bars[0]?.from ?? wait.to)),
      selected: { group: obligation.group, attempt: run.attempt, journey },
      children: () => [...innerDrafts(run.inner ?? [], base), ...emissions([...all, ...sentElsewhere])],
    }
  }
  const to = Math.max(owedFrom, ...spans.map((span) => span.to))
  const indexOf = new Map(obligation.attempts.map((attempt, index) => [attempt, index]))
  return {
    ...base,
    note: status.label,
    bars: [],
    took: spans.length === 0 ? '–' : millis(to - owedFrom),
    children: () => [
      ...spans.map((span): Draft => {
        const at = span.attempt === undefined ? undefined : indexOf.get(span.attempt)
        return spanDraft(span, journey, obligation.group, () => (at === undefined ? [] : emissions(sent.get(at) ?? [])))
      }),
      ...emissions(sentElsewhere),
    ],
  }
}

const spanDraft = (span: WaterfallSpan, journey: Journey, group: string, children: () => Draft[]): Draft => ({
  kind: 'span',
  key: `${journey.id} ${group} ${span.key}`,
  message: journey.id,
  label: span.label,
  ...(span.note === undefined ? {} : { note: span.note }),
  ...(span.why === undefined ? {} : { why: span.why }),
  ...{ tone: span.tone, glyph: span.glyph, bars: span.bars, took: span.took },
  children: () => [
    ...innerDrafts(span.inner ?? [], { key: `${journey.id} ${group}`, message: journey.id }),
    ...children(),
  ],
  ...(span.attempt === undefined ? {} : { selected: { group, attempt: span.attempt, journey } }),
})

/** Spans of a program, each with those that it is made of. */
function innerDrafts(spans: readonly InnerSpan[], of: Pick<Draft, 'key' | 'message'>): Draft[] {
  const roots: Draft[] = []
  const above: { depth: number; below: Draft[] }[] = []
  for (const { program, to: _, ...span } of spans) {
    const below: Draft[] = []
    while ((above.at(-1)?.depth ?? -1) >= program.span.depth) above.pop()
    const draft: Draft = {
      ...span,
      kind: 'program',
      key: `${of.key} ${span.key}`,
      message: of.message,
      program,
      children: () => below,
    }
    const siblings = above.at(-1)?.below ?? roots
    siblings.push(draft)
    above.push({ depth: program.span.depth, below })
  }
  return roots
}

/** `55 + 22`, milliseconds of wait and of work; in sum where the column has no room for both. */
function waitAndRun({ handlingMs = 0 }: Attempt, waitMs: number): string {
  const shown = [waitMs, handlingMs]
  return shown.some((ms) => ms >= 999.5)
    ? durationWords(waitMs + handlingMs)
    : shown.map((ms) => String(Math.round(ms))).join(' + ')
}
