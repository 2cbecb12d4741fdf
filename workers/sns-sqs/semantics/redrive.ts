import { AwsError } from '../protocol/aws-error.ts'
import { parseQueueArn } from './names.ts'

/** Parsed `RedrivePolicy` of a queue. */
export interface RedrivePolicy {
  /** ARN of the dead-letter queue. */
  target: string
  maxReceiveCount: number
}

const refusal = (name: string, text: string, reason: string): AwsError =>
  new AwsError('InvalidParameterValue', `Value ${text} for parameter ${name} is invalid. Reason: ${reason}`)

function objectIn(name: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(
      name,
      text,
      `${name === 'RedrivePolicy' ? 'Redrive' : 'Redrive allow'} policy is not a valid JSON map.`,
    )
  }
  return value as Record<string, unknown>
}

/** Undefined for the empty text, which means none. */
export function parseRedrivePolicy(text: string): RedrivePolicy | undefined {
  if (text === '') return undefined
  const { deadLetterTargetArn: target, maxReceiveCount: count } = objectIn('RedrivePolicy', text)
  const missing = (field: string) =>
    refusal('RedrivePolicy', text, `Redrive policy does not contain mandatory attribute: ${field}.`)
  if (target === undefined) throw missing('deadLetterTargetArn')
  if (count === undefined) throw missing('maxReceiveCount')
  if (typeof target !== 'string' || parseQueueArn(target) === undefined) {
    throw refusal('RedrivePolicy', text, 'Invalid value for deadLetterTargetArn.')
  }
  const most = typeof count === 'string' && /^\d{1,10}$/.test(count) ? Number(count) : count
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > 1000) {
    const reason = `Invalid value for maxReceiveCount: ${String(count)}, valid values are from 1 to 1000 both inclusive.`
    throw refusal('RedrivePolicy', text, reason)
  }
  return { target, maxReceiveCount: most }
}

/** Refuses a policy whose target cannot take what `source` gives up. `allowed` is the target's RedriveAllowPolicy. */
export function checkRedriveTarget(
  text: string,
  source: { arn: string; fifo: boolean },
  target: { fifo: boolean; allowed: string } | undefined,
): void {
  const { target: arn } = parseRedrivePolicy(text) ?? { target: '' }
  if (target === undefined) throw refusal('RedrivePolicy', text, 'Dead letter target does not exist.')
  const [from, to] = [parseQueueArn(source.arn), parseQueueArn(arn)]
  if (from?.account !== to?.account || from?.region !== to?.region) {
    throw refusal('RedrivePolicy', text, 'Dead letter target owner and region should be same as the source.')
  }
  if (source.fifo !== target.fifo) {
    throw refusal('RedrivePolicy', text, 'Dead-letter queue must be same type of queue as the source.')
  }
  const { redrivePermission: permission = 'allowAll', sourceQueueArns: sources = [] } =
    target.allowed === '' ? {} : (objectIn('RedriveAllowPolicy', target.allowed) as Record<string, unknown>)
  const denied = permission === 'denyAll' || (permission === 'byQueue' && !(sources as string[]).includes(source.arn))
  if (denied) {
    throw refusal(
      'RedrivePolicy',
      text,
      'The redrive allow policy of the dead-letter queue does not permit this queue.',
    )
  }
}

const permissions = ['allowAll', 'denyAll', 'byQueue']

/** Refuses a RedriveAllowPolicy that AWS refuses. */
export function checkRedriveAllowPolicy(text: string): void {
  if (text === '') return
  const { redrivePermission: permission, sourceQueueArns: sources } = objectIn('RedriveAllowPolicy', text)
  if (typeof permission !== 'string' || !permissions.includes(permission)) {
    throw refusal(
      'RedriveAllowPolicy',
      text,
      `Invalid value for redrivePermission: ${String(permission)}, valid values are allowAll, denyAll and byQueue.`,
    )
  }
  if (permission !== 'byQueue') {
    if (sources === undefined) return
    throw refusal('RedriveAllowPolicy', text, 'sourceQueueArns can be given with the redrivePermission byQueue only.')
  }
  if (!Array.isArray(sources) || sources.length < 1 || sources.length > 10) {
    throw refusal('RedriveAllowPolicy', text, 'sourceQueueArns must list 1 to 10 queues.')
  }
  if (sources.some((one) => typeof one !== 'string' || parseQueueArn(one) === undefined)) {
    throw refusal('RedriveAllowPolicy', text, 'Invalid value for sourceQueueArns.')
  }
}
