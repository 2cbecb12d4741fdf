import type { Fault, FaultState } from '#contracts/faults/fault.ts'

/** A fault as it was at `t`, epoch milliseconds, by the times that it has; undefined if nobody had asked for it yet. */
export function faultAtMoment(fault: Fault, t: number): Fault | undefined {
  const has = (time: string | undefined): boolean => time !== undefined && Date.parse(time) <= t
  if (!has(fault.createdAt)) return undefined
  const { injectedAt, observedAt, healingAt, healedAt, reason, ...rest } = fault
  return {
    ...rest,
    state: stateAt(fault, t, has),
    ...(injectedAt !== undefined && has(injectedAt) ? { injectedAt } : {}),
    ...(observedAt !== undefined && has(observedAt) ? { observedAt } : {}),
    ...(healingAt !== undefined && has(healingAt) ? { healingAt } : {}),
    ...(healedAt !== undefined && has(healedAt) ? { healedAt } : {}),
    // What is said of the end is not known before it.
    ...(reason !== undefined && (has(healedAt) || fault.state === 'failed') ? { reason } : {}),
    ...(has(observedAt) ? {} : { hits: 0, messages: [] }),
  }
}

function stateAt(fault: Fault, t: number, has: (time: string | undefined) => boolean): FaultState {
  if (fault.state === 'failed' && fault.injectedAt === undefined) return 'failed'
  if (has(fault.healedAt)) return fault.state === 'failed' ? 'failed' : 'healed'
  if (has(fault.healingAt)) return 'healing'
  if (has(fault.observedAt)) return 'active'
  if (has(fault.injectedAt)) return 'injecting'
  return Date.parse(fault.startAt) > t ? 'scheduled' : 'injecting'
}
