import type { z } from 'zod'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import type { RetryMode } from '#contracts/brokers/retry-mode.ts'
import {
  modeOn,
  policyFor,
  type RetryPolicy,
  retryPolicy,
  type Subscription,
  type subscriptionInput,
} from '#contracts/brokers/retry-policy.ts'
import { ApiProblem, type InputError, inputProblem } from '../problem/problem.ts'
import type { CurrentLab } from './current-lab.ts'
import { type DeclaredLab, defined, withSubscription } from './declared-lab.ts'

type SubscriptionChange = z.infer<typeof subscriptionInput>

export interface Subscriptions {
  /** With the retry modes that hold on the broker of now. */
  list(): Subscription[]
  /** Lays what is given over what holds; resolves when broker and workers know it. */
  change(consumer: string, input: SubscriptionChange): Promise<Subscription>
}

/** A mode that the broker of now lacks stays stored, for the day when the lab runs on a broker that has it. */
export function createSubscriptions(currentLab: CurrentLab, broker: () => BrokerName): Subscriptions {
  const onBroker = (stored: Subscription): Subscription => ({
    ...stored,
    retryPolicy: { ...stored.retryPolicy, mode: modeOn(broker(), stored.retryPolicy.mode) },
    retryPolicyByType: Object.fromEntries(
      Object.entries(stored.retryPolicyByType).map(([type, own]) => [
        type,
        own.mode === undefined ? own : { ...own, mode: modeOn(broker(), own.mode) },
      ]),
    ),
  })
  return {
    list: () => currentLab.lab().subscriptions.map(onBroker),
    async change(consumer, input) {
      await currentLab.change((lab) => {
        const before = subscriptionOf(lab, consumer)
        const changed: Subscription = {
          consumer,
          eventTypes: input.eventTypes === undefined ? before.eventTypes : [...new Set(input.eventTypes)],
          retryPolicy: retryPolicy.parse({ ...before.retryPolicy, ...defined(input.retryPolicy ?? {}) }),
          retryPolicyByType: withOverrides(before.retryPolicyByType, input.retryPolicyByType ?? {}),
        }
        const errors = [...typeErrors(lab, input), ...modeErrors(broker(), input), ...intervalErrors(changed)]
        if (errors.length > 0) throw inputProblem('invalid_body', errors)
        return withSubscription(lab, changed)
      })
      return onBroker(subscriptionOf(currentLab.lab(), consumer))
    },
  }
}

type Overrides = Subscription['retryPolicyByType']

/** A type that is given replaces what it had of its own; null, or nothing left, takes it away. */
function withOverrides(before: Overrides, given: NonNullable<SubscriptionChange['retryPolicyByType']>): Overrides {
  const merged: Record<string, Overrides[string] | null> = { ...before, ...given }
  return Object.fromEntries(
    Object.entries(merged).flatMap(([type, own]) => {
      const kept = own && defined(own)
      return kept && Object.keys(kept).length > 0 ? [[type, kept]] : []
    }),
  )
}

function subscriptionOf(lab: DeclaredLab, consumer: string): Subscription {
  const found = lab.subscriptions.find((entry) => entry.consumer === consumer)
  if (found) return found
  const names = lab.subscriptions.map((entry) => entry.consumer).join(', ')
  throw new ApiProblem('unknown_consumer', `there is no consumer "${consumer.slice(0, 100)}"; known: ${names}`)
}

function typeErrors(lab: DeclaredLab, { eventTypes = [], retryPolicyByType = {} }: SubscriptionChange): InputError[] {
  const known = lab.eventTypes.map(({ name }) => name)
  const unknown = (type: string, path: string): InputError[] =>
    known.includes(type) ? [] : [{ path, message: `no event type has this name; known: ${known.join(', ')}` }]
  return [
    ...eventTypes.flatMap((type, index) => unknown(type, `/eventTypes/${index}`)),
    // What a type that is gone has of its own can still be taken away.
    ...Object.entries(retryPolicyByType).flatMap(([type, own]) =>
      own === null ? [] : unknown(type, `/retryPolicyByType/${type}`),
    ),
  ]
}

function modeErrors(broker: BrokerName, input: SubscriptionChange): InputError[] {
  const has: readonly RetryMode[] = brokerOf(broker).retryModes
  const wrong = (mode: RetryPolicy['mode'] | undefined, path: string): InputError[] =>
    mode === undefined || has.includes(mode)
      ? []
      : [{ path, message: `${mode} is not possible on the broker ${broker}, which has ${has.join(' and ')}` }]
  return [
    ...wrong(input.retryPolicy?.mode, '/retryPolicy/mode'),
    ...Object.entries(input.retryPolicyByType ?? {}).flatMap(([type, own]) =>
      wrong(own?.mode, `/retryPolicyByType/${type}/mode`),
    ),
  ]
}

function intervalErrors(changed: Subscription): InputError[] {
  const wrong = ({ initialIntervalMs, maximumIntervalMs }: RetryPolicy, path: string): InputError[] =>
    maximumIntervalMs >= initialIntervalMs
      ? []
      : [
          {
            path: `${path}/maximumIntervalMs`,
            message: `must be at least initialIntervalMs, which is ${initialIntervalMs}`,
          },
        ]
  return [
    ...wrong(changed.retryPolicy, '/retryPolicy'),
    ...Object.keys(changed.retryPolicyByType).flatMap((type) =>
      wrong(policyFor(changed, type), `/retryPolicyByType/${type}`),
    ),
  ]
}
