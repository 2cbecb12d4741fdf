import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { plainOf } from '#contracts/events/exact-numbers.ts'
import type { PolicyFile, StepFile } from '#contracts/scenario/scenario-file.ts'
import { durationInWords } from '#contracts/scenario/values.ts'
import type { Switched } from '../broker/switched-lab.ts'
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

/** How long a switch of the broker may take where its step says nothing, in milliseconds. */
export const switchTimeoutMs = 180_000

/**
 * Does what a step says. Resolves with what was done, for a person; rejects if it could not be done. `signal` cancels a switch of the
 * broker that can still be cancelled.
 */
export async function carryOutStep(lab: RunLab, step: StepFile, signal?: AbortSignal): Promise<string> {
  const done: string[] = []
  if (step.eventType) {
    await lab.eventTypes.create(plainOf(step.eventType) as typeof step.eventType, writeJson(step.eventType))
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
  if (step.broker) {
    const { broker, abandon = false, timeout: timeoutMs = switchTimeoutMs } = step
    const how = { abandon, timeoutMs, ...(signal === undefined ? {} : { signal }) }
    done.push(switchInWords(broker, await lab.switchTo(broker, how)))
  }
  return done.join('; ')
}

/** `moved the lab from local to kafka in 4.2s; 3 messages stayed behind on local`. */
export function switchInWords(to: string, { from, tookMs, abandoned }: Switched): string {
  if (from === undefined) return `the lab ran on ${to} already`
  const left = abandoned === 0 ? '' : `; ${abandoned} message${abandoned === 1 ? '' : 's'} stayed behind on ${from}`
  return `moved the lab from ${from} to ${to} in ${durationInWords(Math.round(tookMs / 100) * 100)}${left}`
}

const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
