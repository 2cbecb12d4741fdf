import type { SNSClient } from '@aws-sdk/client-sns'
import type { SQSClient } from '@aws-sdk/client-sqs'

/** Errors of requests that were never handed to the network. */
const stayed = new WeakSet<object>()
const left = 'faultlineHandedOver'

/**
 * Notes of every request whether it was handed to the network. What goes wrong before (a text that cannot be encoded, credentials that do
 * not resolve) has certainly not reached the service, whatever kind of error it is.
 */
export function watchDeparture(client: SNSClient | SQSClient): void {
  // Both are the same but for the requests that they are typed by, which do not matter here.
  const stack = client.middlewareStack as SNSClient['middlewareStack']
  stack.add(
    (next, context) => async (args) => {
      try {
        return await next(args)
      } catch (error) {
        if (context[left] !== true && typeof error === 'object' && error !== null) stayed.add(error)
        throw error
      }
    },
    { step: 'initialize', priority: 'high', name: 'faultlineDepartureWatch' },
  )
  stack.add(
    (next, context) => (args) => {
      context[left] = true
      return next(args)
    },
    { step: 'deserialize', priority: 'low', name: 'faultlineDeparture' },
  )
}

/** Whether the request that failed with this was never handed to the network. */
export const neverLeft = (error: unknown): boolean => typeof error === 'object' && error !== null && stayed.has(error)
