import type { ActionServices } from '../actions/action.ts'
import { matchesOf } from '../actions/sns/fan-out.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { SubscriptionDefinition, TopicDefinition } from '../stores/queue-store.ts'
import { standingIn, withPolicy } from './explain.ts'
import { publicationOf, type TrialInput } from './explain-input.ts'

/** Whether the filter of a subscription lets a message pass as it is now, and as it would be. */
export interface TrialVerdict {
  now: boolean
  tried: boolean
}

/**
 * Judges many messages by the policy that a subscription has and by one to try, with the judgement of delivery itself. Nothing is delivered. Rejects with
 * `UnknownSubscription`, and with `FilterPolicyError` where the policy to try is not valid.
 */
export async function tryPolicy(input: TrialInput, { store, newId }: ActionServices): Promise<TrialVerdict[]> {
  const { subscription, topic } = standingIn(await store.declarations(), input.subscriptionArn)
  const { pendingToken: _pending, ...now } = subscription
  const tried = withPolicy(now, input)
  return input.messages.map((message) => {
    const asked = { ...message, subscriptionArn: subscription.arn }
    return { now: passes(asked, now, topic, newId()), tried: passes(asked, tried, topic, newId()) }
  })
}

function passes(
  asked: Parameters<typeof publicationOf>[0],
  subscription: SubscriptionDefinition,
  topic: TopicDefinition,
  newId: string,
): boolean {
  const publication = publicationOf(asked, topic, newId)
  if (publication instanceof AwsError) return false
  return matchesOf([{ publication, sequenceNumber: undefined }], [subscription]).length > 0
}
