import type { ActionServices } from '../actions/action.ts'
import { AwsError } from '../protocol/aws-error.ts'
import {
  DeclarationsChanged,
  OutcomeUnknown,
  StoreUnavailable,
  TooManyInFlight,
  UnknownQueue,
} from '../stores/queue-store.ts'

/** What a failure is called on the wire. What is not expected is logged and answered as AWS's own 500. */
export function awsErrorOf(error: unknown, { log }: Pick<ActionServices, 'log'>, action: string): AwsError {
  if (error instanceof AwsError) return error
  if (error instanceof UnknownQueue) return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
  if (error instanceof TooManyInFlight) return new AwsError('OverLimit', error.message)
  if (error instanceof StoreUnavailable) return new AwsError('ServiceUnavailable', error.message)
  if (error instanceof DeclarationsChanged) return new AwsError('ServiceUnavailable', error.message)
  if (error instanceof OutcomeUnknown) {
    log.warn({ action }, error.message)
    // Not ServiceUnavailable: clients take that for a promise that nothing was done.
    return new AwsError('InternalFailure', error.message)
  }
  log.error({ err: error, action }, 'a request failed for a reason that is a fault of the simulator')
  return new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.')
}
