import type { z } from 'zod'
import { retryPolicy, type Subscription, type subscriptionInput } from '#contracts/retry-policy.ts'
import { ApiProblem, type InputError, inputProblem } from '../api/problem.ts'
import { type DeclaredLab, withSubscription } from '../registry/declared-lab.ts'
import type { LabKeeper } from '../registry/lab-keeper.ts'

export interface Subscriptions {
  list(): Subscription[]
  /** Lays what is given over what holds; resolves when broker and workers know it. */
  change(consumer: string, input: z.infer<typeof subscriptionInput>): Promise<Subscription>
}

export function createSubscriptions(keeper: LabKeeper): Subscriptions {
  return {
    list: () => keeper.lab().subscriptions,
    async change(consumer, input) {
      await keeper.change((lab) => {
        const before = subscriptionOf(lab, consumer)
        const eventTypes = input.eventTypes === undefined ? before.eventTypes : [...new Set(input.eventTypes)]
        const policy = { ...before.retryPolicy, ...defined(input.retryPolicy ?? {}) }
        const errors = [...typeErrors(lab, input.eventTypes ?? []), ...policyErrors(policy)]
        if (errors.length > 0) throw inputProblem('invalid_body', errors)
        return withSubscription(lab, { consumer, eventTypes, retryPolicy: retryPolicy.parse(policy) })
      })
      return subscriptionOf(keeper.lab(), consumer)
    },
  }
}

function subscriptionOf(lab: DeclaredLab, consumer: string): Subscription {
  const found = lab.subscriptions.find((entry) => entry.consumer === consumer)
  if (found) return found
  const names = lab.subscriptions.map((entry) => entry.consumer).join(', ')
  throw new ApiProblem('unknown_consumer', `there is no consumer "${consumer.slice(0, 100)}"; known: ${names}`)
}

function typeErrors(lab: DeclaredLab, types: readonly string[]): InputError[] {
  const known = lab.eventTypes.map(({ name }) => name)
  return types.flatMap((type, index) =>
    known.includes(type)
      ? []
      : [{ path: `/eventTypes/${index}`, message: `no event type has this name; known: ${known.join(', ')}` }],
  )
}

function policyErrors(policy: Subscription['retryPolicy']): InputError[] {
  const errors: InputError[] = []
  if (policy.mode !== 'visibility-timeout') {
    errors.push({
      path: '/retryPolicy/mode',
      message: `${policy.mode} needs Kafka; on this broker only visibility-timeout is possible`,
    })
  }
  if (policy.maximumIntervalMs < policy.initialIntervalMs) {
    errors.push({
      path: '/retryPolicy/maximumIntervalMs',
      message: `must be at least initialIntervalMs, which is ${policy.initialIntervalMs}`,
    })
  }
  return errors
}

/** Without the fields that are present and undefined, which would otherwise hide what holds. */
const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
