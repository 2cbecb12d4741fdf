import type { Attempt, Journey, Obligation } from '#contracts/api/journey.ts'

type State = Obligation['state']

/** What the ledger had of the obligations of a message at that moment, by group, where the history has it. */
export type ExactStates = ReadonlyMap<string, State>

/**
 * A journey as it was at `t`, epoch milliseconds: nothing in it is later. Undefined if its publish was not tried yet. States are
 * those of `exact`; of a group that is not in it they follow from the attempts.
 */
export function journeyAt(journey: Journey, t: number, exact: ExactStates = new Map()): Journey | undefined {
  const { publish } = journey
  if (Date.parse(publish.attemptedAt) > t) return undefined
  const { ackedAt, ref, error, ...tried } = publish
  const isAnswered = ackedAt === undefined ? publish.state !== 'acked' : Date.parse(ackedAt) <= t
  return {
    ...journey,
    publish: isAnswered ? publish : { ...tried, state: 'attempted' },
    obligations: journey.obligations.map((each) => obligationAt(each, t, exact.get(each.group))),
    logs: journey.logs.filter(({ at }) => at <= t),
  }
}

function obligationAt(obligation: Obligation, t: number, exact: State | undefined): Obligation {
  const attempts = obligation.attempts.filter(({ startedAt }) => Date.parse(startedAt) <= t).map((run) => runAt(run, t))
  const last = attempts.at(-1)
  const { settledAt } = obligation
  const isSettled = settledAt !== undefined && Date.parse(settledAt) <= t
  const isWhole = attempts.length === obligation.attempts.length && (isSettled || settledAt === undefined)
  const isOver = isWhole && (last === undefined || last.outcome === obligation.attempts.at(-1)?.outcome)
  const state = exact ?? (isOver ? obligation.state : stateBy(obligation, attempts))
  const effect = attempts.find((run) => run.effect && !run.effect.suppressed)?.effect ?? last?.effect
  const { group, dueAt, reason } = obligation
  return {
    ...{ group, state, attempts },
    receiveCount: isOver ? obligation.receiveCount : Math.max(0, ...attempts.map((run) => run.receiveCount)),
    ...(effect === undefined ? {} : { effect }),
    ...(state === 'retrying' && isOver && dueAt !== undefined ? { dueAt } : {}),
    ...(state === 'dead_lettered' && reason !== undefined ? { reason } : {}),
    ...(isSettled ? { settledAt } : {}),
  }
}

/** A run without what it came to where that was later. */
function runAt(run: Attempt, t: number): Attempt {
  const { attempt, receiveCount, instance, startedAt, queueMs, fencedAt, endedBy, ...end } = run
  const begun = { attempt, receiveCount, instance, startedAt, queueMs }
  const fenced = fencedAt !== undefined && Date.parse(fencedAt) <= t ? { fencedAt } : {}
  const ended = endOf(run)
  if (ended === undefined || ended > t) return { ...begun, ...fenced }
  return { ...begun, ...end, ...fenced, ...(endedBy ? { endedBy } : {}) }
}

function endOf({ startedAt, handlingMs, endedBy }: Attempt): number | undefined {
  if (endedBy) return Date.parse(endedBy.at)
  return handlingMs === undefined ? undefined : Date.parse(startedAt) + handlingMs
}

function stateBy(obligation: Obligation, attempts: readonly Attempt[]): State {
  const last = attempts.at(-1)
  if (!last) return 'waiting'
  if (last.outcome === undefined) return 'handling'
  if (last.outcome === 'interrupted') return 'waiting'
  if (last.outcome === 'ok') return obligation.state === 'delivered' ? 'delivered' : 'handling'
  const isLast = attempts.length === obligation.attempts.length
  return isLast && obligation.state === 'dead_lettered' ? 'dead_lettered' : 'retrying'
}
