import { nameOfArn, parseArn, queueUrl } from '../../semantics/names.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'
import type { Call } from '../action.ts'

/** A queue's URL as the answer to this call spells it. */
export const localQueueUrlOf = ({ arn }: QueueDefinition, { host }: Call): string =>
  queueUrl(host, parseArn(arn)?.account ?? '', nameOfArn(arn))

/** Whether a queue is of the account and region of the call. */
export function isAt(queue: QueueDefinition, call: Call): boolean {
  const parts = parseArn(queue.arn)
  return parts?.account === call.account && parts.region === call.region
}
