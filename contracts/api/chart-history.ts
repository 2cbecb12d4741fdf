import { z } from 'zod'
import { chartPoint } from './live.ts'

/** How far back the charts reach: 24 h. */
export const chartHistorySeconds = 86_400

/** Answer of `GET /api/charts`: the past of the whole lab since this control plane started, oldest first. */
export const chartHistory = z.object({
  /** Milliseconds between two points; the longer the span, the longer. */
  stepMs: z.int(),
  /** Rates are means over the step, unsettled messages and p99 its highest, p50 its mean. */
  points: z.array(chartPoint),
})
export type ChartHistory = z.infer<typeof chartHistory>
