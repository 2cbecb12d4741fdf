import { type BrokerName, brokerOf } from './brokers/broker-name.ts'
import { builtinWorkers } from './builtin-workers.ts'
import { type EffectKind, effectOf } from './effects/effect-kind.ts'
import type { LabDeclaration, ServiceDeclaration } from './lab-declaration.ts'

/** What a service may promise to do once for an event that is delivered twice. */
type SinglePromise = 'effect' | 'emission'

/** The fields of a service that say whether it promises a single effect. */
export type Promising = Pick<ServiceDeclaration, 'idempotent' | 'body'>

/**
 * Whether a service promises that. A built-in one never does of what it sends: it crashes between an event and its acknowledgement like
 * any other, and then publishes the event a second time.
 */
export const promisesSingle = ({ idempotent, body }: Promising, what: SinglePromise): boolean =>
  idempotent && (what === 'effect' || body.kind !== 'builtin')

/** What a consumer does in the world, and the name of the node that shows it. */
export interface EffectTarget {
  kind: EffectKind
  name: string
}

/** A service that receives: one consumer group, one queue, one dead-letter queue. */
export interface ConsumerDeclaration extends ServiceDeclaration {
  /** Absent: it has no effect that the lab can see by itself. */
  effect?: EffectTarget
}

/** A service that receives nothing; it publishes. */
export const isProducer = ({ receives }: Pick<ServiceDeclaration, 'receives'>): boolean => receives.length === 0

export const producersOf = ({ services }: Pick<LabDeclaration, 'services'>): ServiceDeclaration[] =>
  services.filter(isProducer)

/** Services that receive, in the order of the file. */
export const consumersIn = ({ services }: Pick<LabDeclaration, 'services'>): ConsumerDeclaration[] =>
  services.flatMap((service) => (isProducer(service) ? [] : [withEffect(service)]))

function withEffect(service: ServiceDeclaration): ConsumerDeclaration {
  const { body } = service
  return body.kind === 'builtin' && body.effect !== undefined
    ? { ...service, effect: { kind: body.effect, name: effectOf(body.effect).part } }
    : service
}

/** The source that publishes an event of this type where somebody asks for one: one that sends it, else the first. */
export function publisherOf({ services }: Pick<LabDeclaration, 'services'>, type: string): string {
  const sources = services.filter(({ body }) => body.kind === 'source')
  const found = sources.find(({ sends }) => sends.includes(type)) ?? sources[0]
  // A lab file without a source is refused when it is read.
  if (found === undefined) throw new Error('the lab has no source that could publish')
  return found.name
}

/** A worker as its sidecar is configured with it. */
export interface DeclaredWorker extends ServiceDeclaration {
  kind: 'producer' | 'consumer'
  hopLimit: number
}

/** Every worker of a lab, producers first. */
export function workersOf({ services, hopLimit }: Pick<LabDeclaration, 'services' | 'hopLimit'>): DeclaredWorker[] {
  const workers = services.map(
    (service): DeclaredWorker => ({ ...service, kind: isProducer(service) ? 'producer' : 'consumer', hopLimit }),
  )
  return [...workers.filter(({ kind }) => kind === 'producer'), ...workers.filter(({ kind }) => kind === 'consumer')]
}

/** Name of the sidecar, and stem of the name of the process, of all simulated services that share one. */
export const sharedHost = 'simulated-services'

/** Whether a service is one of many in a process: what is done to a process or its links cannot be done to it alone. */
export const isShared = ({ body }: Pick<ServiceDeclaration, 'body'>): boolean =>
  body.kind === 'simulated' && body.shared === true

/** A simulated service without a process of its own is answered for by the sidecar of the shared one. */
export const sidecarOf = (service: Pick<ServiceDeclaration, 'name' | 'body'>): string =>
  isShared(service) ? sharedHost : service.name

/** Services that share a process, in the order of the file. */
export const sharedIn = ({ services }: Pick<LabDeclaration, 'services'>): ServiceDeclaration[] =>
  services.filter(isShared)

/**
 * Services that share a process on Kafka at most: each is a consumer group, and a client there keeps connections, heartbeats and fetches of
 * its own for each group.
 */
export const sharedOnKafkaMax = 50

/** Why services cannot share a process on this broker, as a sentence; undefined if they can. */
export function sharedProblem(replicas: number, broker: BrokerName): string | undefined {
  if (!brokerOf(broker).partitioned || replicas <= sharedOnKafkaMax) return undefined
  return `${replicas} replicas of simulated services share a process, and on ${broker} at most ${sharedOnKafkaMax} can: each is a consumer group with connections of its own; run on local or redis, or share fewer`
}

/** The worker whose sidecar runs the process of all shared services; it has no queue and no node of its own. */
export function sharedWorker(hopLimit: number): DeclaredWorker {
  const fails = { share: 0, errorType: 'SimulatedFailure' }
  return {
    ...{ name: sharedHost, kind: 'consumer', replicas: 1, receives: [], sends: [], idempotent: false, concurrency: 1 },
    body: { kind: 'simulated', work: { fixedMs: 0 }, fails, sends: {}, seed: 0, shared: true },
    hopLimit,
  }
}

/** The built file that runs a worker, without its ending. */
export function workerEntryOf({ body }: Pick<ServiceDeclaration, 'body'>): string {
  switch (body.kind) {
    case 'source':
      return 'producer'
    case 'builtin':
      return builtinWorkers[body.worker].entry
    case 'program':
    case 'url':
      return 'program'
    case 'simulated':
      return body.shared === true ? 'simulated-shared' : 'simulated'
  }
}

/** What the environment of a worker's sidecar holds, whoever starts it. */
export function sidecarEnvironmentOf(worker: DeclaredWorker): Record<string, string> {
  const { name, kind, replicas, body, sends, concurrency, hopLimit } = worker
  const isOwn = body.kind === 'source' || body.kind === 'builtin'
  const sendsByItself = body.kind === 'builtin' && body.sends !== undefined
  return {
    FAULTLINE_SERVICE: name,
    FAULTLINE_KIND: kind,
    ...(body.kind === 'builtin' && body.effect !== undefined ? { FAULTLINE_EFFECT: body.effect } : {}),
    FAULTLINE_REPLICAS: String(replicas),
    // It needs an epoch for what it publishes.
    ...(name === sharedHost || (body.kind === 'builtin' && sends.length === 0) ? {} : { FAULTLINE_PUBLISHES: '1' }),
    ...(sends.length === 0 ? {} : { FAULTLINE_SENDS: sends.join(',') }),
    ...(isOwn && !sendsByItself ? {} : { FAULTLINE_BODY: JSON.stringify(body) }),
    ...(isOwn ? {} : { FAULTLINE_CONCURRENCY: String(concurrency) }),
    FAULTLINE_HOP_LIMIT: String(hopLimit),
    ...(name === sharedHost ? { FAULTLINE_SHARED: '1' } : {}),
  }
}
