import type { Journey, MessageRow } from '#contracts/api/journey.ts'
import { journeyAt } from './journey-at.ts'
import type { MessageAt } from './messages-at.ts'

/**
 * A message as one line of a list at `t`. States are those of the changes; what they do not have (key, reference, errors, times of
 * settlement) comes from the journey, where that is kept.
 */
export function messageRowAt(message: MessageAt, journey: Journey | undefined, t: number): MessageRow {
  const cut = journey && journeyAt(journey, t, new Map([...message.groups].map(([group, { state }]) => [group, state])))
  const publishedAt = cut?.publish.attemptedAt ?? new Date(message.publishedAt ?? t).toISOString()
  const groups = [...message.groups].map(([group, { state, attempts }]): MessageRow['groups'][number] => {
    const obligation = cut?.obligations.find((each) => each.group === group)
    const error = obligation?.attempts.findLast((run) => run.error)?.error
    const doneAt = obligation && doneMs(obligation)
    return {
      ...{ group, state, attempts },
      ...(doneAt === undefined ? {} : { settledInMs: Math.max(0, doneAt - Date.parse(publishedAt)) }),
      ...(obligation?.dueAt === undefined ? {} : { dueAt: obligation.dueAt }),
      ...(obligation?.reason === undefined ? {} : { reason: obligation.reason }),
      ...(error === undefined ? {} : { errorType: error.type }),
    }
  })
  const waits = groups.map(({ settledInMs }) => settledInMs)
  const isSettled = waits.length > 0 && waits.every((wait) => wait !== undefined)
  return {
    ...{ id: message.id, type: message.type, topic: message.lane.topic, broker: message.lane.broker },
    ...(cut?.key === undefined ? {} : { key: cut.key }),
    ...{ publishedAt, publish: message.publish, groups },
    ...(cut?.publish.ref === undefined ? {} : { ref: cut.publish.ref }),
    ...(isSettled ? { settledInMs: Math.max(...waits.map((wait) => wait ?? 0)) } : {}),
  }
}

/** When the first run that went well ended, or the settlement was confirmed; epoch milliseconds. */
function doneMs({ state, attempts, settledAt }: Journey['obligations'][number]): number | undefined {
  if (state !== 'delivered' && state !== 'dead_lettered') return undefined
  const ok = state === 'delivered' ? attempts.find(({ outcome }) => outcome === 'ok') : undefined
  if (ok?.handlingMs !== undefined) return Date.parse(ok.startedAt) + ok.handlingMs
  return settledAt === undefined ? undefined : Date.parse(settledAt)
}
