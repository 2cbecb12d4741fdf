import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { neverLeft } from './departure.ts'

/** What can be read off anything that the SDK throws. */
interface ErrorFacts {
  name: string
  message: string
  /** System error, such as `ECONNREFUSED`. */
  code: string
  /** Whether every part of it happened while connecting. */
  whileConnecting: boolean
  /** HTTP status where an answer came. */
  status: number | undefined
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), code: '', whileConnecting: false, status: undefined }
  const fields = error as Error & { code?: unknown; syscall?: unknown; $metadata?: { httpStatusCode?: number } }
  // Node tries every address of a name and reports the failures together, without a message of its own.
  const parts: unknown[] = error instanceof AggregateError ? error.errors : []
  return {
    name: error.name,
    message: error.message || parts.map((part) => factsOf(part).message).join('; '),
    code: text(fields.code),
    whileConnecting:
      parts.length > 0 ? parts.every((part) => factsOf(part).whileConnecting) : fields.syscall === 'connect',
    status: fields.$metadata?.httpStatusCode,
  }
}

/** An error of the SDK as data: a system error goes by its code, which says more than the SDK's `TimeoutError`. */
export function errorInfoOf(error: unknown): ErrorInfo {
  const { name, message, code } = factsOf(error)
  return { type: code !== '' && name === 'TimeoutError' ? code : name || 'Error', message: message.slice(0, 4_000) }
}

/** Codes under which the service refuses for its load, whatever the HTTP status. */
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable/

/**
 * Whether the service certainly did not take the request: it never left, no connection was open, or it was answered with a refusal.
 * Everything else (a timeout, a reset, an internal error of the service) may have happened after it took it.
 */
export function provablyNotSent(error: unknown): boolean {
  if (neverLeft(error)) return true
  const { name, message, code, whileConnecting, status } = factsOf(error)
  if (status !== undefined) return (status >= 400 && status < 500) || throttled.test(name)
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || whileConnecting) return true
  if (name === 'TimeoutError' && message.includes('did not establish a connection')) return true
  // Node refused to write the request.
  return name === 'CredentialsProviderError' || /^ERR_(INVALID|HTTP_INVALID|UNESCAPED)/.test(code)
}

/** Whether the same request may succeed later: not where the service refused its content, or it cannot be written. */
export function worthRetrying(error: unknown): boolean {
  if (neverLeft(error)) return false
  const { name, status } = factsOf(error)
  return name !== 'AbortError' && (status === undefined || status >= 500 || status === 429 || throttled.test(name))
}

/** Whether this request is wrong in itself: the service says so, or it could not even be written. */
export function refusedForContent(error: unknown): boolean {
  if (neverLeft(error)) return true
  const { status } = factsOf(error)
  return status === 400 && !worthRetrying(error)
}

/** Whether the queue, topic or subscription is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && /QueueDoesNotExist|NonExistentQueue|NotFound/.test(error.name)
}
