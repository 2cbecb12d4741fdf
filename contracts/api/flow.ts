import { z } from 'zod'
import { journey } from './journey.ts'

/**
 * `open`: started, not ended, within its time. `ended`: by exactly one of its ends, and everything on the way is settled. `overdue`: its
 * time has passed without. `conflicting`: it has two different ends.
 */
export const flowState = z.enum(['open', 'ended', 'overdue', 'conflicting'])
export type FlowState = z.infer<typeof flowState>

/** Ends that a flow reached, or is at: one line of the list of flows. */
export const flowRow = z.object({
  /** The correlation id: id of its first event. */
  id: z.string(),
  /** Name of its declaration. */
  flow: z.string(),
  /** Counts the flows of this name from 1. */
  number: z.int(),
  /** Key of its first event. */
  key: z.string().optional(),
  /** RFC 3339. */
  startedAt: z.string(),
  state: flowState,
  /** Event types of the ends that it reached, in order; two different ones are a conflict. */
  endedBy: z.array(z.string()),
  lastEvent: z.object({ type: z.string(), service: z.string(), at: z.string() }),
  /** Start to the end, milliseconds; absent while it has none. */
  tookMs: z.number().optional(),
  events: z.int(),
  deliveries: z.int(),
  /** Obligations of its events that are not settled. */
  unsettled: z.int(),
})
export type FlowRow = z.infer<typeof flowRow>

/** `started` is the sum of `open`, `ended` and `overdue`; a conflicting flow counts as ended and is named beside it. */
export const flowFigures = z.object({
  flow: z.string(),
  started: z.int(),
  open: z.int(),
  ended: z.int(),
  /** Ended flows by the event type that ended each first. */
  endedBy: z.record(z.string(), z.int()),
  overdue: z.int(),
  conflicting: z.int(),
})
export type FlowFigures = z.infer<typeof flowFigures>

/** Query of `GET /api/flows`. */
export const flowQuery = z.strictObject({
  flow: z.string().max(40).optional(),
  state: flowState.optional(),
  /** Key of the first event. */
  key: z.string().max(500).optional(),
  /** Text in the correlation id, the key or the type of the last event; case does not matter. */
  q: z.string().max(200).optional(),
  /** `unusual`: conflicting and overdue flows before the others. Default: newest first. */
  order: z.enum(['newest', 'unusual']).default('newest'),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
export type FlowQuery = z.infer<typeof flowQuery>

/** Answer of `GET /api/flows`. */
export const flowList = z.object({
  figures: z.array(flowFigures),
  flows: z.array(flowRow),
  cursor: z.string().optional(),
})
export type FlowList = z.infer<typeof flowList>

/** Answer of `GET /api/flows/:id`. The tree follows from each journey's `cause`; events come in the order of publishing, at most 1,000. */
export const flowView = flowRow.extend({
  withinMs: z.number(),
  journeys: z.array(journey),
  /** Events that are no longer kept. */
  dropped: z.int(),
})
export type FlowView = z.infer<typeof flowView>
