import { z } from 'zod'
import { type BrokerName, brokerName } from '../brokers/broker-name.ts'

/** What a fault can aim at. `eventType` may narrow a `service`, or be given alone: then every worker concerned is the target. */
export const targetKind = z.enum(['service', 'instance', 'eventType', 'link', 'broker'])
export type TargetKind = z.infer<typeof targetKind>

/** Bytes on their way to the far end (`up`), back to the worker (`down`), or both. */
export const direction = z.enum(['up', 'down', 'both'])
export type Direction = z.infer<typeof direction>

export const performer = z.enum(['sidecar-process', 'sidecar-link', 'runtime', 'producer', 'supervisor', 'simulator'])
export type Performer = z.infer<typeof performer>

/** A side of the broker: that of producers, or that of consumers. */
export type Side = 'produce' | 'consume'

/** One way in which a fault is carried out. */
export interface Carrier {
  readonly by: Performer
  /** What it is done to: the broker, a link, or workers that the target concerns: all, only producers, only consumers. */
  readonly at: 'broker' | 'link' | 'workers' | 'producers' | 'consumers'
  /** Params with which it is this way. Absent: with any. */
  readonly where?: Readonly<Record<string, unknown>>
  /** Of a fault of the broker: what the supervisor does to the broker's process. */
  readonly power?: 'down' | 'pause'
  /** Of a fault of the broker: what its simulator is asked for, see `docs/sns-sqs.md`. */
  readonly simulated?: string
  /** Of a fault of the broker: the fault that is done to every link to it, where the lab does not run the broker itself. */
  readonly as?: { readonly type: string; readonly params: Readonly<Record<string, unknown>> }
  /** Said of a fault that is carried out so: `every link cut`. */
  readonly how?: string
}

/** Faults that cannot be in effect at the same time. */
export interface FaultConflict {
  /** Two faults conflict only if they aim at the same one of these. */
  readonly on: 'process' | 'link' | 'broker'
  readonly types: readonly string[] | 'any'
  /** Why, as the beginning of a sentence. */
  readonly because: string
}

/** What a fault is the reason of. Texts may hold `{expired}` (the broker's word for a worker that was silent), `{instance}` and `{fault}`. */
export interface FaultExplanation {
  /** It may keep what a producer sent back, and deliver it after its end: what is missing then is not lost yet. */
  readonly holdsPublishes?: true
  /** While it is in effect nothing passes its link, or any link to its broker. */
  readonly cuts?: true
  /** Why a message is handed out again. */
  readonly redelivery?: {
    /** If several were in effect at the time, the lowest counts. */
    readonly rank: number
    /** Where the sidecar saw the worker's process end. Absent: such an end has another reason. */
    readonly ended?: string
    /** If it was in effect while the worker had the message. Absent: that alone is no reason. */
    readonly during?: string
  }
}

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
  readonly percentOf?: 'messages' | 'connections' | 'requests'
  /** Brokers on which it exists. */
  readonly brokers: readonly BrokerName[]
  /** The ways in which it is carried out; the first that fits the target and the params counts. */
  readonly carriedBy: readonly [Carrier, ...Carrier[]]
  /** Who can carry it out, of `carriedBy`. */
  readonly by: readonly Performer[]
  readonly conflictsWith?: readonly FaultConflict[]
  /** The param with the number of hits after which it ends by itself. */
  readonly endsAfterHits?: string
  readonly explains?: FaultExplanation
  /** Only links to this end can have it. */
  readonly linksTo?: { readonly end: string; readonly because: string }
  /** The param that says on which side of the broker it happens. A worker is on one side only. */
  readonly side?: {
    readonly param: string
    /** Whether it is filled in from the target if it was left out. */
    readonly fromTarget: boolean
    /** Said where it contradicts the target. */
    readonly refusal: (target: string, side: Side) => string
  }
  /** A body as it leaves one. Where the schema of an event type takes that too, the fault is refused with `refusal`. */
  readonly breaksBody?: {
    readonly of: (params: Readonly<Record<string, unknown>>, body: string) => string
    readonly param: string
    readonly refusal: (eventType: string) => string
  }
  /** The param, in milliseconds, that says how long it lasts. It and the fault's own `durationMs` mean the same. */
  readonly lasts?: 'durationMs' | 'restartAfterMs'
}

/** Declares a fault. Throws if its params have no full set of defaults, so that a form can always be drawn. */
export function defineFault<Params extends z.ZodObject>(
  definition: Omit<FaultDefinition<Params>, 'brokers' | 'by'> & { brokers?: readonly BrokerName[] },
): FaultDefinition<Params> {
  definition.params.parse({})
  const by = [...new Set(definition.carriedBy.map((carrier) => carrier.by))]
  return { ...definition, by, brokers: definition.brokers ?? brokerName.options }
}

/** A day: no fault lasts longer without being asked for again. */
export const longestMs = 86_400_000

/** Milliseconds as a param. */
export const milliseconds = (title: string, description: string, fallback: number, min = 0, max = longestMs) =>
  z.int().min(min).max(max).default(fallback).meta({ title, description, unit: 'ms' })
