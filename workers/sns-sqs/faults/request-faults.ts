import { AwsError } from '../protocol/aws-error.ts'
import { arnOfRef, queueRefOf } from '../semantics/names.ts'
import type { FaultBook, FaultPlace } from './fault-book.ts'

type Fields = { [name: string]: unknown }

/** What is known of the request that a fault may strike. */
interface StruckCall {
  account: string
  region: string
  /** The path, which names the queue in the Query protocol. */
  path: string
  /** Ends the connection without an answer. */
  drop: () => void
}

const usualDelayMs = 1_000

/** Carries a request out with the faults that strike it: before it is done, in its batch, and after it was done. */
export async function withFaults<Output extends object>(
  service: 'sqs' | 'sns',
  action: string,
  input: Fields,
  { faults }: { faults: FaultBook },
  call: StruckCall,
  run: (input: Fields) => Promise<Output>,
): Promise<Output> {
  const place = placeOf(service, action, input, call)
  const slow = faults.strike('slow-answer', place)
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, slow.afterMs ?? usualDelayMs))
  const broken = faults.strike('error', place)
  if (broken !== undefined) {
    throw broken.status === 503
      ? new AwsError('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.')
      : new AwsError(
          service === 'sqs' ? 'InternalFailure' : 'InternalError',
          'The request processing has failed because of an unknown error.',
        )
  }
  if (faults.strike('throttle', place) !== undefined) {
    throw service === 'sqs'
      ? new AwsError('RequestThrottled', 'The request was denied due to request throttling.')
      : new AwsError('Throttled', 'Rate exceeded')
  }
  if (faults.strike('over-limit', place) !== undefined) {
    throw new AwsError('OverLimit', 'The specified action violates a limit.')
  }
  const { left, failed } = withoutStruckEntries(input, place, faults)
  const output = failed.length > 0 && isEmptied(left) ? ({} as Output) : await run(left)
  if (faults.strike('no-answer', place) !== undefined) call.drop()
  return failed.length === 0 ? output : withFailures(output, failed)
}

function placeOf(service: 'sqs' | 'sns', action: string, input: Fields, call: StruckCall): FaultPlace {
  if (service === 'sns') {
    const topic = input.TopicArn ?? input.TargetArn ?? input.ResourceArn
    return typeof topic === 'string' ? { action, topic } : { action }
  }
  const url = input.QueueUrl ?? call.path
  const ref = typeof url === 'string' ? queueRefOf(url) : undefined
  if (ref === undefined) return { action }
  return { action, queue: arnOfRef(ref, call.account, call.region) }
}

/** Entries that a `partial-batch` fault strikes are taken out; both protocols' shapes of a batch. */
function withoutStruckEntries(input: Fields, place: FaultPlace, faults: FaultBook): { left: Fields; failed: string[] } {
  const failed: string[] = []
  const keep = (entry: unknown): boolean => {
    const { Id } = Object(entry) as Fields
    if (typeof Id !== 'string' || faults.strike('partial-batch', place) === undefined) return true
    failed.push(Id)
    return false
  }
  if (Array.isArray(input.Entries)) {
    const Entries = input.Entries.filter(keep)
    return { left: { ...input, Entries }, failed }
  }
  const { member } = Object(input.PublishBatchRequestEntries) as Fields
  if (typeof member !== 'object' || member === null) return { left: input, failed }
  const kept = Object.fromEntries(Object.entries(member).filter(([, entry]) => keep(entry)))
  return { left: { ...input, PublishBatchRequestEntries: { member: kept } }, failed }
}

function isEmptied(input: Fields): boolean {
  if (Array.isArray(input.Entries)) return input.Entries.length === 0
  const { member } = Object(input.PublishBatchRequestEntries) as Fields
  return typeof member === 'object' && member !== null && Object.keys(member).length === 0
}

function withFailures<Output extends object>(output: Output, ids: string[]): Output {
  const before = output as Fields
  const entries = ids.map((Id) => ({
    Id,
    Code: 'InternalError',
    Message: 'An internal error happened.',
    SenderFault: false,
  }))
  const Failed = Array.isArray(before.Failed) ? [...before.Failed, ...entries] : entries
  return { Successful: [], ...output, Failed } as Output
}
