/** What can be done to requests and messages. */
export const faultTypes = {
  'duplicate-delivery': 'A message is delivered and stays to be delivered once more.',
  'early-expiry': 'The visibility timeout of a delivered message ends after `afterMs` (default 0).',
  'lost-leg': 'A publication does not reach a subscription.',
  reorder:
    'A message is held back for up to `afterMs` (default 500), so that later ones overtake it; answers are shuffled.',
  'delayed-delivery': 'A message is visible `afterMs` (default 1,000) later.',
  'no-answer': 'The request is carried out, and the connection ends without an answer.',
  error:
    'Nothing is done; the answer is 500, `InternalFailure` of SQS and `InternalError` of SNS, or 503 `ServiceUnavailable` with `status: 503`.',
  throttle: 'Nothing is done; the answer is `RequestThrottled` of SQS, `Throttled` of SNS.',
  'over-limit': 'Nothing is done; the answer is `OverLimit`.',
  'partial-batch': 'An entry of a batch fails with `InternalError`; the others are done.',
  'slow-answer': 'The request begins `afterMs` (default 1,000) later.',
} as const

export type FaultType = keyof typeof faultTypes

export interface FaultSettings {
  type: FaultType
  /** Chosen by whoever asks, so that asking again changes nothing. Absent: one is made. */
  id?: string
  /** How many of those that it may meet it does, in percent: above 0, at most 100. */
  percent: number
  /** Same seed, same choices. */
  seed: number
  /** Name or ARN. Absent: any. */
  queue?: string
  topic?: string
  action?: string
  afterMs?: number
  status?: 500 | 503
  /** It heals by itself after so many hits, */
  times?: number
  /** and after so long. */
  forMs: number
}

/** A fault that is in force. */
export interface SimulatorFault extends FaultSettings {
  id: string
  /** Epoch milliseconds. */
  since: number
  until: number
  hits: number
}

const longestMs = 3_600_000
const usualMs = 300_000

/** Reads settings from JSON; throws an Error whose text names everything that is wrong. */
export function faultSettingsOf(value: unknown, newSeed: () => number): FaultSettings {
  const wrong: string[] = []
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const number = (name: string, least: number, most: number, preset?: number): number | undefined => {
    const one = given[name]
    if (one === undefined) return preset
    if (typeof one === 'number' && Number.isFinite(one) && one >= least && one <= most) return one
    wrong.push(`${name} must be a number from ${least} to ${most}`)
    return preset
  }
  const text = (name: string): string | undefined => {
    const one = given[name]
    if (one === undefined || (typeof one === 'string' && one !== '' && one.length <= 400)) return one
    wrong.push(`${name} must be a text`)
    return undefined
  }
  const type = given.type
  if (typeof type !== 'string' || !Object.hasOwn(faultTypes, type)) {
    wrong.push(`type must be one of ${Object.keys(faultTypes).join(', ')}`)
  }
  const names = new Set([
    'type',
    'id',
    'percent',
    'seed',
    'queue',
    'topic',
    'action',
    'afterMs',
    'status',
    'times',
    'forMs',
  ])
  for (const name of Object.keys(given))
    if (!names.has(name)) wrong.push(`${name.slice(0, 50)} is not a setting of a fault`)
  const percent = number('percent', 0.001, 100, 100) ?? 100
  const seed = number('seed', 0, 4_294_967_295) ?? newSeed()
  const forMs = number('forMs', 1, longestMs, usualMs) ?? usualMs
  const afterMs = number('afterMs', 0, 900_000)
  const times = number('times', 1, 1_000_000_000)
  const id = text('id')
  if (id !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(id))
    wrong.push('id must have 1 to 64 letters, digits, dashes or underscores')
  const { status } = given
  if (status !== undefined && status !== 500 && status !== 503) wrong.push('status must be 500 or 503')
  const [queue, topic, action] = [text('queue'), text('topic'), text('action')]
  if (wrong.length > 0) throw new Error(wrong.join('; '))
  return {
    type: type as FaultType,
    percent,
    seed,
    forMs,
    ...(id === undefined ? {} : { id }),
    ...(queue === undefined ? {} : { queue }),
    ...(topic === undefined ? {} : { topic }),
    ...(action === undefined ? {} : { action }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(times === undefined ? {} : { times }),
    ...(status === undefined ? {} : { status: status as 500 | 503 }),
  }
}
