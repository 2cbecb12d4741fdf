import { z } from 'zod'
import { effectKind } from './effects/effect-kind.ts'
import { eventTypeName } from './events/event-type.ts'

/** What a consumer does in the world, and the name of the node that shows it. */
export const effectTarget = z.strictObject({ kind: effectKind, name: z.string() })

/** A worker that publishes. */
export const producerDeclaration = z.strictObject({ name: z.string(), replicas: z.int().min(1).max(16) })

/** A worker that consumes: one consumer group, one queue, one dead-letter queue. */
export const consumerDeclaration = z.strictObject({
  name: z.string().regex(/^consumer-[a-z0-9-]{1,40}$/),
  replicas: z.int().min(1).max(16),
  /** Event types that it subscribes to until a user changes the subscription. */
  subscribesTo: z.array(eventTypeName),
  /** Absent: it has no effect that the lab can see. */
  effect: effectTarget.optional(),
  /** Whether it promises a single effect for a message that is delivered twice. */
  idempotent: z.boolean(),
})
export type ConsumerDeclaration = z.infer<typeof consumerDeclaration>

/** The declared lab: every worker, before any of them runs. */
export const topologyDeclaration = z.strictObject({
  producers: z.array(producerDeclaration).min(1),
  consumers: z.array(consumerDeclaration),
})
export type TopologyDeclaration = z.infer<typeof topologyDeclaration>

/** A worker as its sidecar is told of it. */
export interface DeclaredWorker {
  name: string
  kind: 'producer' | 'consumer'
  replicas: number
  /** Absent: a producer, or a consumer without an effect that the lab can see. */
  effect?: z.infer<typeof effectKind>
}

/** Every worker of a lab, producers first. */
export const workersOf = ({ producers, consumers }: TopologyDeclaration): DeclaredWorker[] => [
  ...producers.map(({ name, replicas }): DeclaredWorker => ({ name, kind: 'producer', replicas })),
  ...consumers.map(
    ({ name, replicas, effect }): DeclaredWorker => ({
      ...{ name, kind: 'consumer', replicas },
      ...(effect === undefined ? {} : { effect: effect.kind }),
    }),
  ),
]

/** What the sidecar of a worker is told by its environment, whoever starts it. */
export const sidecarEnvironmentOf = ({ name, kind, replicas, effect }: DeclaredWorker): Record<string, string> => ({
  FAULTLINE_SERVICE: name,
  FAULTLINE_KIND: kind,
  ...(effect === undefined ? {} : { FAULTLINE_EFFECT: effect }),
  FAULTLINE_REPLICAS: String(replicas),
})
