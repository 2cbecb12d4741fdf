import { z } from 'zod'
import { direction, performer } from './define-fault.ts'

/**
 * A fault as a sidecar or a worker has to hold it. The control plane says which ones are in effect; who holds others lets go of
 * them. A holder ends each at `endsAt` by itself, whatever becomes of the control plane.
 */
export const heldFault = z.object({
  id: z.string(),
  type: z.string(),
  /** Who of the two carries it out: this sidecar (process, link) or its workers (runtime, producer). */
  by: performer,
  /** Absent: all replicas. */
  instance: z.string().optional(),
  /** Absent: all event types. */
  eventType: z.string().optional(),
  /** The link's id, `consumer-db->broker`. */
  link: z.string().optional(),
  direction: direction.optional(),
  percent: z.number(),
  params: z.record(z.string(), z.unknown()),
  seed: z.int(),
  /** Epoch milliseconds; absent: until it is taken from the list. */
  endsAt: z.number().optional(),
})
export type HeldFault = z.infer<typeof heldFault>

/** web → sidecar `faults`: all that this sidecar, or the service of its process that is named, has to hold. */
export const faultOrders = z.object({ faults: z.array(heldFault), service: z.string().optional() })

/**
 * What a sidecar says of a fault that it holds. `armed`: in place, and not seen to take effect yet. `ended`: over, and
 * nothing of it is left; it stays in the status until the control plane's list no longer has it.
 */
export const heldFaultStatus = z.object({
  id: z.string(),
  state: z.enum(['injecting', 'armed', 'active', 'healing', 'ended', 'failed']),
  /** Epoch milliseconds. */
  observedAt: z.number().optional(),
  detail: z.string().optional(),
  hits: z.int(),
})
export type HeldFaultStatus = z.infer<typeof heldFaultStatus>
