import { z } from 'zod'
import { redriveInput } from '#contracts/api/dead-letter.ts'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { subscriptionInput } from '#contracts/brokers/retry-policy.ts'
import { eventTypeInput } from '#contracts/events/event-type.ts'
import { fault } from '#contracts/faults/fault.ts'

/** Milliseconds into the recording. */
const at = z.number()

/** Something that was done to the lab, and worked. One JSON line of a recording's file. */
export const act = z.discriminatedUnion('kind', [
  /** `body`: JSON text; absent if the recording had enough of them. */
  z.object({ kind: z.literal('publish'), at, type: z.string(), body: z.string().optional() }),
  z.object({
    ...{ kind: z.literal('burst'), at, type: z.string(), count: z.int(), ratePerSecond: z.number() },
    id: z.string().optional(),
    keys: z.int().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
  /** A burst was ended before it had sent all. */
  z.object({ kind: z.literal('burstEnd'), at, id: z.string(), attempted: z.int() }),
  z.object({
    ...{ kind: z.literal('fault'), at },
    fault: fault.pick({
      ...{ id: true, type: true, target: true, direction: true, percent: true, params: true, seed: true },
      durationMs: true,
    }),
  }),
  z.object({ kind: z.literal('heal'), at, id: z.string() }),
  /** `added`: event types that it did not take before. */
  z.object({
    ...{ kind: z.literal('subscription'), at, consumer: z.string(), change: subscriptionInput },
    ...{ added: z.array(z.string()), removed: z.array(z.string()) },
  }),
  z.object({ kind: z.literal('scale'), at, service: z.string(), replicas: z.int() }),
  z.object({ kind: z.literal('eventType'), at, input: eventTypeInput }),
  z.object({ kind: z.literal('redrive'), at, input: redriveInput }),
  /** The lab was asked to run on a broker. `joins`: what was said of a switch that was under way already. */
  z.object({
    ...{ kind: z.literal('broker'), at, broker: brokerName },
    abandon: z.literal(true).optional(),
    joins: z.literal(true).optional(),
  }),
  /** How a switch ended. `at`: when it had the lab take no messages any more. */
  z.object({
    ...{ kind: z.literal('switched'), at, broker: brokerName, outcome: z.enum(['done', 'cancelled', 'rolled_back']) },
    reason: z.string().optional(),
  }),
  /** An act that no scenario step can express. */
  z.object({ kind: z.literal('other'), at, what: z.string() }),
])
export type Act = z.infer<typeof act>
export type ActOf<Kind extends Act['kind']> = Extract<Act, { kind: Kind }>
