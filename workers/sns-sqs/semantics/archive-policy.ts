import { AwsError } from '../protocol/aws-error.ts'
import { parsePolicyJson } from './policy-json.ts'

const invalid = (reason: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`)

function objectIn(name: string, text: string, prefix: string): Record<string, unknown> {
  const value = parsePolicyJson(text, (reason) => invalid(`${prefix}${name}: ${reason}`))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw invalid(`${prefix}${name}: must be a JSON object.`)
}

const leastDays = 1
const mostDays = 365

/**
 * For how many days a FIFO topic keeps what is published; undefined if it keeps nothing: no policy, or `{}`. Throws `InvalidParameter`.
 * https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html
 */
export function archiveDays(text: string | undefined, prefix = ''): number | undefined {
  if (text === undefined || text === '') return undefined
  const policy = objectIn('ArchivePolicy', text, prefix)
  if (Object.keys(policy).length === 0) return undefined
  const { MessageRetentionPeriod: period, ...others } = policy
  const unknown = Object.keys(others)[0]
  if (unknown !== undefined) throw invalid(`${prefix}ArchivePolicy: Unknown field ${unknown.slice(0, 100)}`)
  const days = typeof period === 'string' && /^\d{1,4}$/.test(period) ? Number(period) : period
  if (typeof days === 'number' && Number.isInteger(days) && days >= leastDays && days <= mostDays) return days
  throw invalid(`${prefix}ArchivePolicy: MessageRetentionPeriod must be from ${leastDays} to ${mostDays} days`)
}

/** What a subscription wants to have again, by time of publishing; epoch milliseconds. */
export interface ArchiveReplay {
  from: number
  /** Absent: up to now. */
  until?: number
}

/**
 * Undefined for the empty text and `{}`, which end a replay. Throws `InvalidParameter`.
 * https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
 */
export function replayOf(text: string | undefined, prefix = ''): ArchiveReplay | undefined {
  if (text === undefined || text === '') return undefined
  const policy = objectIn('ReplayPolicy', text, prefix)
  if (Object.keys(policy).length === 0) return undefined
  const { PointType: type, StartingPoint: start, EndingPoint: end } = policy
  if (type !== 'Timestamp') throw invalid(`${prefix}ReplayPolicy: PointType must be Timestamp`)
  const from = momentOf(start)
  if (from === undefined)
    throw invalid(`${prefix}ReplayPolicy: StartingPoint must be a time as in 2026-01-31T12:00:00Z`)
  if (end === undefined) return { from }
  const until = momentOf(end)
  if (until === undefined) throw invalid(`${prefix}ReplayPolicy: EndingPoint must be a time as in 2026-01-31T12:00:00Z`)
  if (until < from) throw invalid(`${prefix}ReplayPolicy: EndingPoint must not be before StartingPoint`)
  return { from, until }
}

function momentOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/.test(value)) {
    return undefined
  }
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`)
  return Number.isNaN(at) ? undefined : at
}
