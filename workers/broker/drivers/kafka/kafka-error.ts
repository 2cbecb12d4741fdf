import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { accessAdvice } from './access-advice.ts'

/** What can be read off anything that kafkajs throws. */
interface ErrorFacts {
  name: string
  message: string
  /** Kafka's own name of an answer, such as `MESSAGE_TOO_LARGE`. */
  type: string
  /** System error, such as `ECONNREFUSED`. */
  code: string
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** kafkajs wraps an error in others that only say that it gave up. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const wraps = error.name === 'KafkaJSNumberOfRetriesExceeded' || error.name === 'KafkaJSNonRetriableError'
  return wraps && error.cause instanceof Error && error.cause !== error ? rootOf(error.cause) : error
}

export function factsOf(error: unknown): ErrorFacts {
  const root = rootOf(error)
  if (!(root instanceof Error)) return { name: 'Error', message: String(root), type: '', code: '' }
  const { type, code } = root as Error & { type?: unknown; code?: unknown }
  return { name: root.name, message: root.message, type: text(type), code: text(code) }
}

/** Kafka's names in the style of the other errors: `MESSAGE_TOO_LARGE` is `MessageTooLarge`. */
const camel = (type: string): string =>
  type.toLowerCase().replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase())

/**
 * An error as data: an answer of the cluster by its own name, a system error by its code. One that a setting can mend says
 * which.
 */
export function errorInfoOf(error: unknown): ErrorInfo {
  const facts = factsOf(error)
  const { message, type, code } = facts
  // The cluster's name for it (KIP-152), which kafkajs drops.
  const name = facts.name === 'KafkaJSSASLAuthenticationError' ? 'SaslAuthenticationFailed' : facts.name
  const advice = accessAdvice(facts)
  return {
    type: (type && camel(type)) || code || name || 'Error',
    message: (advice === undefined ? message : `${message.replace(/[:.\s]+$/, '')}. ${advice}`).slice(0, 4_000),
  }
}

/** Answers after which the record may be in the log all the same. */
const maybeStored = new Set([
  'UNKNOWN',
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'NETWORK_EXCEPTION',
  'DUPLICATE_SEQUENCE_NUMBER',
  'KAFKAJS_UNKNOWN_ERROR_CODE',
])

/**
 * Whether a produce request that failed like this, on a connection that was there, provably stored nothing: the cluster answered with a
 * refusal, or the request never left. A timeout, a reset or a closed connection may have come after it was stored. That goes for
 * ECONNREFUSED too: kafkajs fails every request of a connection with whatever ends an attempt to make it anew.
 */
export function provablyNotStored(error: unknown): boolean {
  const { name, message, type } = factsOf(error)
  if (type !== '') return !maybeStored.has(type)
  if (name === 'KafkaJSSASLAuthenticationError') return true
  // Thrown before a request is written.
  return name === 'KafkaJSConnectionError' && message.startsWith('Not connected')
}

/**
 * An answer that comes before anything is stored, or after it: a leader that stops being one while the record is on its way to the
 * replicas says so too (Kafka, `DelayedProduce`).
 */
export const mayFollowStorage = (error: unknown): boolean => factsOf(error).type === 'NOT_LEADER_FOR_PARTITION'

/** Refusals that end by themselves once the client has looked at the cluster again: a leader moved, or is not there yet. */
export const isStaleLeader = (error: unknown): boolean =>
  /^(NOT_LEADER_FOR_PARTITION|LEADER_NOT_AVAILABLE|REPLICA_NOT_AVAILABLE|NOT_ENOUGH_REPLICAS|FENCED_LEADER_EPOCH|UNKNOWN_LEADER_EPOCH)$/.test(
    factsOf(error).type,
  )

/** A commit of a member that the group has gone on without, or that it is just leaving behind. */
export const isFencing = (error: unknown): boolean =>
  /^(ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID|FENCED_INSTANCE_ID|REBALANCE_IN_PROGRESS)$/.test(factsOf(error).type)

export const isUnknownTopic = (error: unknown): boolean => factsOf(error).type === 'UNKNOWN_TOPIC_OR_PARTITION'

/** The record batch is larger than the topic takes. */
export const isTooLarge = (error: unknown): boolean =>
  /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE)$/.test(factsOf(error).type)
