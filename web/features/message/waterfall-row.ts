import type { Attempt } from '#contracts/api/journey.ts'
import type { StatusView } from '../messages/message-status.ts'

/** Part of a lane; `left` and `width` are percent of the axis. */
export interface Bar {
  kind: 'handling' | 'wait' | 'backoff' | 'fault' | 'mark'
  left: number
  width: number
}

export interface WaterfallRow {
  key: string
  label: string
  note?: string
  tone: StatusView['tone']
  /** `fault`: a bolt, which is an icon and no state's shape. */
  glyph: StatusView['glyph'] | 'fault'
  bars: Bar[]
  took: string
  /** Why it came to this, in a line of its own. */
  why?: string
  /** The attempt that the row stands for, so that it can be selected. */
  attempt?: Attempt
}
