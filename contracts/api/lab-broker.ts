import { z } from 'zod'
import { brokerName } from '../brokers/broker-name.ts'

/**
 * ready → preparing → draining ⇄ stuck → moving → ready. In preparing the other broker is started and reached; until
 * draining, publishes are taken. stuck: what is left does not get less, and a user has to say whether it is abandoned or
 * the switch is cancelled. moving: workers are on their way to the other broker. rolling_back: they are on their way to
 * the one that worked.
 */
export const labBrokerState = z.enum(['ready', 'preparing', 'draining', 'stuck', 'moving', 'rolling_back'])
export type LabBrokerState = z.infer<typeof labBrokerState>

/** A broker that the lab could run on. */
export const availableBroker = z.object({
  name: brokerName,
  ready: z.boolean(),
  /** Not ready: why, and what to do. Ready: what choosing it does first, if that is not nothing. */
  reason: z.string().optional(),
})
export type AvailableBroker = z.infer<typeof availableBroker>

/** What a group has not settled of the messages of one broker. */
export const unsettledGroup = z.object({
  group: z.string(),
  /** Unsettled messages that the ledger counts on this broker. */
  messages: z.int(),
  /** By the broker's own count of the group's queue; null if it does not answer or was not asked. */
  inBroker: z.int().nullable(),
  /** Ids of the oldest ones. */
  samples: z.array(z.string()).max(5),
})

/** `publishes`: those without an answer. */
export const unsettledOn = z.object({ broker: brokerName, publishes: z.int(), groups: z.array(unsettledGroup) })
export type UnsettledOn = z.infer<typeof unsettledOn>

export const switchStep = z.object({
  /** engine: the other broker is started and answers. drain: nothing is left on this one. wiring: topics and queues are declared there. workers: all replicas run there. */
  name: z.enum(['engine', 'drain', 'wiring', 'workers']),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  /** What it waits for, or how it ended, for a person. */
  detail: z.string().optional(),
  /** RFC 3339. */
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
})
export type SwitchStep = z.infer<typeof switchStep>

export const brokerSwitch = z.object({
  from: brokerName,
  to: brokerName,
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Absent while it runs. */
  outcome: z.enum(['done', 'cancelled', 'rolled_back']).optional(),
  /** Why it was cancelled or rolled back. */
  reason: z.string().optional(),
  steps: z.array(switchStep),
  /** While it drains: what is left on the broker that it leaves. */
  left: unsettledOn.optional(),
  /** What was left behind at a user's word. It stays in that broker and in the ledger. */
  abandoned: unsettledOn.optional(),
})
export type BrokerSwitch = z.infer<typeof brokerSwitch>

/** Answer of `GET /api/lab/broker`. */
export const labBroker = z.object({
  /** The one that the lab runs on; during a switch the former one until all workers run on the other. */
  broker: brokerName,
  state: labBrokerState,
  available: z.array(availableBroker),
  /** Why publishes and bursts are refused now. */
  refusal: z.string().optional(),
  /** Per broker that has any. On another one than the lab runs on nobody takes them; they wait there. */
  unsettled: z.array(unsettledOn),
  /** The switch that runs, or else the last one since web started. */
  switch: brokerSwitch.optional(),
})
export type LabBroker = z.infer<typeof labBroker>

/** Body of `PUT /api/lab/broker`. */
export const labBrokerInput = z.strictObject({
  broker: brokerName,
  /** Does not wait for what is unsettled: it is left behind. Also for a switch that drains already. */
  abandon: z.boolean().optional(),
})
export type LabBrokerInput = z.infer<typeof labBrokerInput>
