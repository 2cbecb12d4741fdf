import { z } from 'zod'
import { direction } from './define-fault.ts'

/**
 * What a fault aims at. `service` with `instance`: one replica; `eventType` alone: every worker that it concerns;
 * `link`: `consumer-db->database`; `broker`: the one that the lab runs on.
 */
export const faultTarget = z.strictObject({
  service: z.string().optional(),
  instance: z.string().optional(),
  eventType: z.string().optional(),
  link: z.string().optional(),
  broker: z.string().optional(),
})
export type FaultTarget = z.infer<typeof faultTarget>

/**
 * Body of `POST /api/faults`. Numbers and names are checked against the catalogue afterwards, so that a wrong one is
 * answered with its field and what would be right.
 */
export const faultInput = z.strictObject({
  type: z.string().meta({ description: 'As in `GET /api/faults/catalogue`.' }),
  target: z
    .union([faultTarget, z.string()])
    .optional()
    .meta({ description: 'Or its name alone: a service, an instance, an event type, a link, or `broker`.' }),
  direction: z.string().optional(),
  percent: z.number().optional().meta({ description: 'Share of victims, 0 to 100. Default 100.' }),
  params: z.record(z.string(), z.unknown()).optional(),
  startAt: z.string().optional().meta({ description: 'RFC 3339. Default: now.' }),
  durationMs: z.number().optional().meta({ description: 'Default: what the params say, or until it is healed.' }),
  seed: z.number().optional().meta({ description: 'Picks the victims. Default: drawn, and given in the answer.' }),
})
export type FaultInput = z.infer<typeof faultInput>

/** The reason of a fault that is over and had no effect. */
export const neverSeen = 'it was never seen to take effect'

/**
 * scheduled → injecting → active → healing → healed. `injecting` lasts until it was seen to take effect, which may be
 * never: a handler that gets no message cannot fail. `failed`: it could not be injected; `reason` says why.
 */
export const faultState = z.enum(['scheduled', 'injecting', 'active', 'healing', 'healed', 'failed'])
export type FaultState = z.infer<typeof faultState>

/** A fault as API, viewers and the state file have it. Times are RFC 3339. */
export const fault = z.object({
  id: z.string(),
  type: z.string(),
  target: faultTarget,
  direction: direction.optional(),
  percent: z.number(),
  params: z.record(z.string(), z.unknown()),
  seed: z.int(),
  /** How it is done, if there is more than one way: `every link cut`. */
  how: z.string().optional(),
  state: faultState,
  createdAt: z.string(),
  startAt: z.string(),
  durationMs: z.int().optional(),
  /** When it ends by itself at the latest; of a broker that the lab stops or pauses, set again when that is done. */
  endsAt: z.string().optional(),
  injectedAt: z.string().optional(),
  /** When it was first seen to take effect: a process gone or stopped, the first byte, connection or message hit. */
  observedAt: z.string().optional(),
  healingAt: z.string().optional(),
  healedAt: z.string().optional(),
  /** Why it failed, what it waits for, or that it was never seen to take effect. */
  reason: z.string().optional(),
  /** Processes, connections, pieces of bytes or messages that it hit. */
  hits: z.int(),
  /** The first messages that it hit. */
  messages: z.array(z.string()),
  /** Services whose sidecars carry it out. */
  services: z.array(z.string()),
})
export type Fault = z.infer<typeof fault>

/** A target that a fault can have now, with its name for a menu. */
export const faultOffer = z.object({ target: faultTarget, label: z.string() })
export type FaultOffer = z.infer<typeof faultOffer>

/** An item of `GET /api/faults/catalogue`. */
export const faultCatalogueItem = z.object({
  type: z.string(),
  title: z.string(),
  sees: z.string(),
  /** Kinds of target: service, instance, eventType, link, broker. */
  targets: z.array(z.string()),
  /** The targets of this lab that it can have on the broker of now. */
  offers: z.array(faultOffer),
  /** JSON Schema 2020-12 of `params`, with title, description, default and `unit`. */
  params: z.record(z.string(), z.unknown()),
  /** The first is the default; absent: it knows no direction. */
  directions: z.array(direction).optional(),
  /** What `percent` picks from; absent: it takes none. */
  percentOf: z.enum(['messages', 'connections', 'requests']).optional(),
  /** The param, in milliseconds, that says how long it lasts; absent: `durationMs` alone says it. */
  lasts: z.enum(['durationMs', 'restartAfterMs']).optional(),
  brokers: z.array(z.string()),
  by: z.array(z.string()),
})
export type FaultCatalogueItem = z.infer<typeof faultCatalogueItem>
