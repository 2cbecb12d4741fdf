import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { PolicyFile, StepFile } from '#contracts/scenario/scenario-file.ts'
import type { RunLab } from './run-lab.ts'

/** A policy of the file as the API takes it. */
export function policyInput({
  initialInterval,
  maximumInterval,
  attemptTimeout,
  ...rest
}: PolicyFile): Partial<RetryPolicy> {
  return {
    ...defined(rest),
    ...(initialInterval === undefined ? {} : { initialIntervalMs: initialInterval }),
    ...(maximumInterval === undefined ? {} : { maximumIntervalMs: maximumInterval }),
    ...(attemptTimeout === undefined ? {} : { attemptTimeoutMs: attemptTimeout }),
  }
}

/** Gives every consumer, or one, this policy. Rejects if it cannot be. */
export async function applyPolicy(lab: RunLab, policy: PolicyFile, consumer?: string): Promise<void> {
  for (const subscription of lab.subscriptions.list()) {
    if (consumer !== undefined && subscription.consumer !== consumer) continue
    await lab.subscriptions.change(subscription.consumer, { retryPolicy: policyInput(policy) })
  }
}

/** Does what a step says. Resolves with what was done, for a person; rejects if it could not be done. */
export async function carryOutStep(lab: RunLab, step: StepFile): Promise<string> {
  const done: string[] = []
  if (step.eventType) {
    await lab.eventTypes.create(step.eventType)
    done.push(`made the event type ${step.eventType.name}`)
  }
  for (const [consumer, types] of Object.entries(step.subscribe ?? {})) {
    const before = lab.subscriptions.list().find((one) => one.consumer === consumer)?.eventTypes ?? []
    await lab.subscriptions.change(consumer, { eventTypes: [...new Set([...before, ...types])] })
    done.push(`${consumer} takes ${types.join(', ')}`)
  }
  if (step.retryPolicy) {
    await applyPolicy(lab, step.retryPolicy, step.consumer)
    done.push(`changed the retry policy of ${step.consumer ?? 'every consumer'}`)
  }
  for (const [service, replicas] of Object.entries(step.replicas ?? {})) {
    await lab.services.scale(service, replicas)
    done.push(`${service} is scaled to ${replicas}`)
  }
  if (step.redrive) {
    const { group, ratePerSecond } = step.redrive
    const { selected } = await lab.redrive({
      ...(group === undefined ? { all: true } : { group }),
      ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      dryRun: false,
    })
    done.push(`redrives ${selected} dead letters${group === undefined ? '' : ` of ${group}`}`)
  }
  return done.join('; ')
}

const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
