import { z } from 'zod'
import { effectKind } from '../effects/effect-kind.ts'
import { serviceBodyKind } from '../lab-declaration.ts'

export const nodeKind = z.enum(['producer', 'topic', 'queue', 'dead_letter_queue', 'consumer', 'effect', 'retry_topic'])
export type NodeKind = z.infer<typeof nodeKind>

/**
 * State of a node. `up`: all replicas run (or the part answers); `degraded`: some do; `restarting`: none does yet and
 * one is being started; `paused`: stopped by a signal; `killed`: none runs; `unreachable`: nothing is heard from it.
 */
export const nodeState = z.enum(['up', 'degraded', 'restarting', 'paused', 'killed', 'unreachable'])
export type NodeState = z.infer<typeof nodeState>

export const topologyNode = z.object({
  /** `kind:name`, for example `queue:consumer-db`. */
  id: z.string(),
  kind: nodeKind,
  name: z.string(),
  state: nodeState,
  /** Of effect nodes only. */
  effect: effectKind.optional(),
  /** Whether a consumer promises a single effect. */
  idempotent: z.boolean().optional(),
  /** What a service is made of, for producers and consumers. */
  body: serviceBodyKind.optional(),
  /** One line about that: `python3 payment.py`, `simulated 40–400 ms`, `http://127.0.0.1:8080/events`. */
  runs: z.string().optional(),
  /** Event types that a service declares to send; absent if it declares none. A type that it sends besides has an edge that is not declared. */
  sends: z.array(z.string()).optional(),
  /** Of a retry topic, which is there for all topics of its group at once, where the broker has retries wait in topics (Kafka). */
  retry: z
    .object({
      group: z.string(),
      /** Messages wait here after their attempt of this number, from 1; in the last one also after later attempts. */
      level: z.int(),
      /** How long the longest wait here is by the retry policy, milliseconds; absent if only redrives pass. */
      delayMs: z.number().optional(),
    })
    .optional(),
})
export type TopologyNode = z.infer<typeof topologyNode>

export const topologyEdge = z.object({
  /** `from->to`. */
  id: z.string(),
  from: z.string(),
  to: z.string(),
  /** In the lab file or the stored subscriptions. */
  declared: z.boolean(),
  /** A message was seen on it, or the broker itself reports the wiring. */
  observed: z.boolean(),
})
export type TopologyEdge = z.infer<typeof topologyEdge>

/**
 * Answer of `GET /api/topology`. A service that receives nothing is a `producer`; every other is a `consumer`, and where it sends too an
 * edge leads from it to each topic of what it sends. Edges may form a circle.
 */
export const topology = z.object({ nodes: z.array(topologyNode), edges: z.array(topologyEdge) })
export type Topology = z.infer<typeof topology>

export const nodeId = (kind: NodeKind, name: string): string => `${kind}:${name}`
export const edgeId = (from: string, to: string): string => `${from}->${to}`
/** The retry topic of a consumer in which messages wait after attempt `level`. */
export const retryTopicNodeOf = (consumer: string, level: number): string =>
  nodeId('retry_topic', `${consumer}.retry.${level}`)
/** The dead-letter queue of a consumer. */
export const deadLetterQueueOf = (consumer: string): string => `${consumer}-dead-letters`
