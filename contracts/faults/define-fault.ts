import { z } from 'zod'
import { type BrokerName, brokerName } from '../brokers/broker-name.ts'

/** What a fault can aim at. `eventType` may narrow a `service`, or stand alone: then it means every worker concerned. */
export const targetKind = z.enum(['service', 'instance', 'eventType', 'link', 'broker'])
export type TargetKind = z.infer<typeof targetKind>

/** Bytes on their way to the far end (`up`), back to the worker (`down`), or both. */
export const direction = z.enum(['up', 'down', 'both'])
export type Direction = z.infer<typeof direction>

/** Where a fault is carried out. A fault is carried out by the first that its target allows. */
export const performer = z.enum(['sidecar-process', 'sidecar-link', 'runtime', 'producer', 'supervisor'])
export type Performer = z.infer<typeof performer>

/** One row of the catalogue: everything that is known of a kind of fault. */
export interface FaultDefinition<Params extends z.ZodObject = z.ZodObject> {
  /** `process.kill`; what `POST /api/faults` names. */
  readonly type: string
  /** In a menu: two or three words. */
  readonly title: string
  /** What a user will see, in one line. */
  readonly sees: string
  readonly targets: readonly TargetKind[]
  /** Services that it can aim at. Default: every worker. */
  readonly services?: 'producers' | 'consumers'
  /** Forms and checks are made of it; each field has a default, a title, a description and a unit where it has one. */
  readonly params: Params
  /** Absent: it knows no direction. The first is the default. */
  readonly directions?: readonly Direction[]
  /** What `percent` picks from. Absent: it hits the whole target, and a `percent` other than 100 is refused. */
  readonly percentOf?: 'messages' | 'connections'
  /** Brokers on which it exists. */
  readonly brokers: readonly BrokerName[]
  readonly by: readonly Performer[]
  /** The param, in milliseconds, that says how long it lasts. It and the fault's own `durationMs` mean the same. */
  readonly lasts?: 'durationMs' | 'restartAfterMs'
}

/** Declares a fault. Throws where its params have no full set of defaults, so that a form can always be drawn. */
export function defineFault<Params extends z.ZodObject>(
  definition: Omit<FaultDefinition<Params>, 'brokers'> & { brokers?: readonly BrokerName[] },
): FaultDefinition<Params> {
  definition.params.parse({})
  return { ...definition, brokers: definition.brokers ?? brokerName.options }
}

/** A day: no fault lasts longer without being asked for again. */
export const longestMs = 86_400_000

/** Milliseconds as a param. */
export const milliseconds = (title: string, description: string, fallback: number, min = 0, max = longestMs) =>
  z.int().min(min).max(max).default(fallback).meta({ title, description, unit: 'ms' })
