import type { ActionServices, Call } from '../actions/action.ts'
import { matchesOf, messagesToQueues } from '../actions/sns/fan-out.ts'
import type { Context } from '../actions/sns/queue-message.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { explainFilterPolicy, FilterPolicyError, type FilterVerdict } from '../semantics/filter/filter-policy.ts'
import { isFifoName, nameOfArn } from '../semantics/names.ts'
import type { Publication } from '../semantics/publication.ts'
import { filterOf, isRaw } from '../semantics/subscription-attributes.ts'
import { recordKey } from '../stores/declarations.ts'
import type { Declarations, SubscriptionDefinition, TopicDefinition } from '../stores/queue-store.ts'
import { arrivalSteps } from './arrival.ts'
import { type ExplainInput, publicationOf } from './explain-input.ts'
import type { ExplainedStep, Explanation } from './explanation.ts'
import { letsTopicSend } from './queue-access.ts'

/** No subscription has this ARN, or its topic is gone. */
export class UnknownSubscription extends Error {
  override readonly name = 'UnknownSubscription'
}

/**
 * Why a message reaches a subscription or does not. The judgement is that of delivery itself (`matchesOf` and `queueMessages` of the
 * fan-out, run for this message and this subscription); around it is what else keeps messages away. Nothing is delivered and no fault
 * counts a hit. Rejects with `UnknownSubscription`, and with `FilterPolicyError` where a policy to try is not valid.
 */
export async function explain(input: ExplainInput, services: ActionServices, call: Call): Promise<Explanation> {
  const declared = await services.store.declarations()
  const { subscription: standing, topic } = standingIn(declared, input.subscriptionArn)
  const subscription = withPolicy(standing, input)
  const about = {
    subscriptionArn: subscription.arn,
    topicArn: topic.arn,
    protocol: subscription.protocol,
    endpoint: subscription.endpoint,
    raw: isRaw(subscription),
  }
  const publication = publicationOf(input, topic, services.newId())
  if (publication instanceof AwsError) {
    const text = `the topic does not take it: ${publication.message}`
    return { ...about, passes: false, steps: [{ step: 'topic', verdict: 'stops', code: publication.code, text }] }
  }
  const published = [{ publication, sequenceNumber: undefined }]
  const matches = matchesOf(published, [subscription])
  const context: Context = { topic, at: services.clock.now(), signatures: new Map(), services, call }
  const { undeliverable, messages } = messagesToQueues(matches, published, declared, context)
  const toQueue = subscription.protocol === 'sqs'
  const passes =
    matches.length > 0 &&
    (!toQueue || messages.some(({ legs }) => legs.some(({ queue }) => queue === subscription.queue)))

  const filter = verdictOf(subscription, publication)
  const steps: ExplainedStep[] = [
    { step: 'topic', verdict: 'ok', code: 'taken', text: `published to ${nameOfArn(topic.arn)}`, ...when(input) },
    subscriptionStep(subscription, input),
    ...filterSteps(subscription, matches.length > 0, filter),
  ]
  if (matches.length > 0 && toQueue) steps.push(...queueSteps(subscription, declared, undeliverable[0]?.reason))
  if (passes && toQueue) steps.push(...(await afterDelivery(subscription, declared, input, services)))
  return { ...about, passes, steps, ...(filter === undefined ? {} : { filter }) }
}

const when = ({ publishedAt }: ExplainInput) => (publishedAt === undefined ? {} : { at: publishedAt })

/** A subscription and its topic. Throws `UnknownSubscription`. */
export function standingIn(
  { subscriptions, topics }: Declarations,
  arn: string,
): { subscription: SubscriptionDefinition; topic: TopicDefinition } {
  const subscription = subscriptions.get(arn)
  const topic = subscription === undefined ? undefined : topics.get(subscription.topicArn)
  if (subscription === undefined || topic === undefined) {
    throw new UnknownSubscription(`no subscription has the ARN ${arn.slice(0, 300)}`)
  }
  return { subscription, topic }
}

/** The subscription with the policy that is to be tried; it is checked first, as when it is set. */
export function withPolicy(
  standing: SubscriptionDefinition,
  input: Pick<ExplainInput, 'filterPolicy' | 'filterPolicyScope'>,
): SubscriptionDefinition {
  const { filterPolicy, filterPolicyScope } = input
  if (filterPolicy === undefined && filterPolicyScope === undefined) return standing
  const attributes = {
    ...standing.attributes,
    ...(filterPolicy === undefined ? {} : { FilterPolicy: filterPolicy }),
    ...(filterPolicyScope === undefined ? {} : { FilterPolicyScope: filterPolicyScope }),
  }
  filterOf(attributes)
  return { ...standing, attributes }
}

function subscriptionStep(subscription: SubscriptionDefinition, { publishedAt }: ExplainInput): ExplainedStep {
  const { pendingToken, createdAt } = subscription
  if (pendingToken !== undefined) {
    const text = 'the subscription waits for its confirmation, and nothing is delivered before'
    return { step: 'subscription', verdict: 'stops', code: 'pending', text }
  }
  if (createdAt !== undefined && publishedAt !== undefined && publishedAt < createdAt) {
    const text = 'the subscription was made after the message was published'
    return { step: 'subscription', verdict: 'may-stop', code: 'made-later', text, at: createdAt }
  }
  const text = `subscription confirmed, ${isRaw(subscription) ? 'raw delivery' : 'delivered in an envelope'}`
  return {
    step: 'subscription',
    verdict: 'ok',
    code: 'confirmed',
    text,
    ...(createdAt === undefined ? {} : { at: createdAt }),
  }
}

function verdictOf(subscription: SubscriptionDefinition, publication: Publication): FilterVerdict | undefined {
  const { FilterPolicy, FilterPolicyScope } = subscription.attributes
  if (filterOf(subscription.attributes) === undefined || FilterPolicy === undefined) return undefined
  const scope = FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes'
  const { attributes, textFor } = publication
  try {
    return explainFilterPolicy(FilterPolicy, scope, attributes, textFor(subscription.protocol))
  } catch (error) {
    if (error instanceof FilterPolicyError) return undefined
    throw error
  }
}

function filterSteps(
  { pendingToken }: SubscriptionDefinition,
  matched: boolean,
  filter?: FilterVerdict,
): ExplainedStep[] {
  if (filter === undefined) {
    return [{ step: 'filter', verdict: 'ok', code: 'no-policy', text: 'no filter policy: it takes everything' }]
  }
  if (matched || (pendingToken !== undefined && filter.passes)) {
    return [{ step: 'filter', verdict: 'ok', code: 'passes', text: 'the filter policy lets it pass' }]
  }
  if (!filter.readable) {
    const text = 'the filter policy looks into the body, and the body is not a JSON object'
    return [{ step: 'filter', verdict: 'stops', code: 'body-unreadable', text }]
  }
  const failing = filter.keys.filter(({ passes }) => !passes).map(({ key }) => key)
  const text = `filtered out by ${failing.join(', ')}: ${filter.keys.length - failing.length} of ${filter.keys.length} keys pass, and all must`
  return [{ step: 'filter', verdict: 'stops', code: 'filtered', text }]
}

function queueSteps(
  subscription: SubscriptionDefinition,
  declared: Declarations,
  refusal: string | undefined,
): ExplainedStep[] {
  const { queue, endpoint } = subscription
  const name = nameOfArn(endpoint)
  const deleted = declared.records.get(recordKey('deleted-queue', endpoint))
  if (!declared.queues.has(queue) && deleted !== undefined) {
    return [
      { step: 'queue', verdict: 'stops', code: 'deleted', text: `${name} was deleted`, at: Number(deleted.value) },
    ]
  }
  if (refusal !== undefined) {
    const code = declared.queues.has(queue) ? 'too-many-attributes' : 'no-queue'
    return [{ step: 'queue', verdict: 'stops', code, text: refusal }]
  }
  const ordered = isFifoName(queue) ? ', in the order of its group' : ''
  return [{ step: 'queue', verdict: 'ok', code: 'exists', text: `handed to ${name}${ordered}` }]
}

/** What may keep it away although SNS hands it over: faults, AWS's own rules, and what happens to messages in queues. */
async function afterDelivery(
  { queue, topicArn }: SubscriptionDefinition,
  declared: Declarations,
  { messageId, publishedAt }: ExplainInput,
  services: ActionServices,
): Promise<ExplainedStep[]> {
  const definition = declared.queues.get(queue)
  if (definition === undefined) return []
  const steps: ExplainedStep[] = []
  if (!letsTopicSend(definition.attributes.Policy, definition.arn, topicArn)) {
    const text =
      'the policy of the queue does not let this topic send: AWS would refuse it; the simulator refuses nobody'
    steps.push({ step: 'access', verdict: 'may-stop', code: 'policy-denies', text })
  }
  for (const { id, percent, hits } of services.faults.standing('lost-leg', { queue, topic: topicArn })) {
    const text = `the fault ${id} is in force here and loses ${percent} % of the legs; ${hits} so far`
    steps.push({ step: 'fault', verdict: 'may-stop', code: 'lost-leg-in-force', text })
  }
  if (messageId !== undefined) steps.push(...(await arrivalSteps(messageId, publishedAt, definition, services)))
  return steps
}
