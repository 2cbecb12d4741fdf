import type { Attempt, ProgramSpan } from '#contracts/api/journey.ts'
import type { StatusView } from '../../messages/message-status.ts'

/** What a redrive is called in the waterfall: the person who operates the lab started it. */
export const redrivenBy = 'redriven by you'

/** Part of a lane; `left` and `width` are percent of the axis. */
export interface WaterfallBar {
  kind: 'handling' | 'wait' | 'backoff' | 'fault' | 'mark' | 'held' | 'sent' | 'inner'
  left: number
  width: number
}

export interface WaterfallRow {
  key: string
  /** What it did, before what it was done to: `POST`, `INSERT`. */
  verb?: string
  label: string
  note?: string
  tone: StatusView['tone']
  /** `fault` and `redriven` are acts, not states: a bolt and an arrow. */
  glyph: StatusView['glyph'] | 'fault' | 'redriven'
  bars: WaterfallBar[]
  /** The whole name of the error that it ended with, in a line of its own. */
  error?: string
  /** How long the policy made it wait, of `took`; only a backoff has it. */
  planned?: string
  took: string
  /** Why it came to this, in a line of its own. */
  why?: string
  /** The attempt that the row represents, so that it can be selected. */
  attempt?: Attempt
  /** The span of a program that the row represents, so that it can be selected, and the attempt that it is part of. */
  program?: { span: ProgramSpan; attempt: Attempt }
  /** The text shown to a pointer that rests on it. */
  hint?: string
  /** What its program reported of the attempt. */
  inner?: WaterfallRow[]
}

/** A row before it is laid on the axis; times are epoch milliseconds. */
export interface WaterfallSpan extends Omit<WaterfallRow, 'bars' | 'inner'> {
  to: number
  bars: { kind: WaterfallBar['kind']; from: number; to: number }[]
  inner?: InnerSpan[]
}

/** A span of a program before it is laid on the axis. */
export type InnerSpan = WaterfallSpan & { program: { span: ProgramSpan; attempt: Attempt } }
