import type { Journey, MessageRow, Obligation } from '#contracts/api/journey.ts'
import { type Envelope, headersOf } from '#contracts/events/envelope.ts'
import { isAccepted, type JourneyRecord, type ObligationRecord, obligationOf, toMs } from './journey-record.ts'
import { type JourneyEntry, wholeOf } from './packed-journey.ts'
import { queueUsOf } from './queue-wait.ts'

/** Reads a body that is no longer in memory; undefined if the journal has it no more. */
export type BodyReader = (journey: JourneyRecord) => string | undefined

const time = (journey: JourneyRecord, us: number): string => new Date(toMs(journey, us)).toISOString()

/** The journey as the API answers it. */
export function journeyView(entry: JourneyEntry, readBody: BodyReader): Journey {
  const journey = wholeOf(entry)
  const { id, sequence, error } = journey
  const isKnown = journey.order >= 0
  const raw = journey.body ?? readBody(journey) ?? ''
  return {
    id,
    // Of one whose publish was never reported, the topic is all that is known.
    type: isKnown ? journey.type : sequence.topic,
    topic: sequence.topic,
    ...(journey.key === undefined ? {} : { key: journey.key }),
    broker: sequence.broker,
    payload: parsed(raw),
    raw,
    headers: isKnown ? headersOf(envelopeOf(journey, raw)) : {},
    ...(journey.burstId === undefined ? {} : { burstId: journey.burstId }),
    ...(isKnown ? { correlationId: journey.chained?.correlationId ?? id } : {}),
    ...(journey.chained?.cause === undefined ? {} : { cause: journey.chained.cause }),
    ...(journey.chained?.givenId === undefined ? {} : { givenId: journey.chained.givenId }),
    publish: {
      state: isKnown || journey.publish !== 'attempted' ? journey.publish : 'recovered',
      attemptedAt: time(journey, journey.attemptedUs),
      ...(journey.ackedUs === undefined ? {} : { ackedAt: time(journey, journey.ackedUs) }),
      ...(journey.ref === undefined ? {} : { ref: journey.ref }),
      ...(error === undefined ? {} : { error }),
    },
    obligations: groupsOf(journey).map((group) => obligationView(journey, group, obligationOf(journey, group))),
    logs: journey.logs ? [...journey.logs].sort((a, b) => a.at - b.at) : [],
  }
}

/** The journey as one line of a list. */
export function rowView(entry: JourneyEntry): MessageRow {
  const journey = wholeOf(entry)
  const groups = groupsOf(journey).map((group) => rowGroup(journey, group, obligationOf(journey, group)))
  const waits = groups.map(({ settledInMs }) => settledInMs)
  const allSettled = waits.length > 0 && waits.every((wait) => wait !== undefined)
  return {
    id: journey.id,
    type: journey.type,
    topic: journey.sequence.topic,
    broker: journey.sequence.broker,
    ...(journey.key === undefined ? {} : { key: journey.key }),
    publishedAt: time(journey, journey.attemptedUs),
    publish: journey.publish,
    ...(journey.ref === undefined ? {} : { ref: journey.ref }),
    groups,
    ...(allSettled ? { settledInMs: Math.max(...waits.map((wait) => wait ?? 0)) } : {}),
  }
}

/** Groups it is owed to, and those that took it all the same. A publish that failed owes nothing. */
function groupsOf(journey: JourneyRecord): string[] {
  const seen = journey.obligations.map(({ group }) => group)
  const owed = isAccepted(journey) || journey.publish === 'attempted' ? journey.owed : []
  return [...owed, ...seen.filter((group) => !owed.includes(group))]
}

function obligationView(journey: JourneyRecord, group: string, obligation: ObligationRecord | undefined): Obligation {
  if (!obligation) return { group, state: 'waiting', receiveCount: 0, attempts: [] }
  const last = obligation.attempts.at(-1)
  const effect = obligation.attempts.find((run) => run.effect && !run.effect.suppressed)?.effect ?? last?.effect
  return {
    group,
    state: obligation.state,
    receiveCount: obligation.receiveCount,
    attempts: obligation.attempts.map((run, index) => ({
      attempt: run.attempt,
      receiveCount: run.receiveCount,
      instance: run.instance,
      startedAt: time(journey, run.startedUs),
      queueMs: (queueUsOf(journey, obligation, index) ?? 0) / 1000,
      // A clock that was set back between the two makes no attempt shorter than nothing.
      ...(run.endedUs === undefined ? {} : { handlingMs: Math.max(0, run.endedUs - run.startedUs) / 1000 }),
      ...(run.outcome === undefined ? {} : { outcome: run.outcome }),
      ...(run.error === undefined ? {} : { error: run.error }),
      ...(run.effect === undefined ? {} : { effect: run.effect }),
      ...(run.reported === undefined ? {} : { reported: run.reported }),
      ...(run.suppressed === undefined ? {} : { suppressed: [...run.suppressed] }),
      ...(run.endedBy === undefined ? {} : { endedBy: { how: run.endedBy.how, at: time(journey, run.endedBy.us) } }),
      ...(run.fencedUs === undefined ? {} : { fencedAt: time(journey, run.fencedUs) }),
    })),
    ...(effect === undefined ? {} : { effect }),
    ...(obligation.state === 'retrying' && last?.dueUs !== undefined ? { dueAt: time(journey, last.dueUs) } : {}),
    ...(last?.reason === undefined ? {} : { reason: last.reason }),
    ...(obligation.settledUs === undefined ? {} : { settledAt: time(journey, obligation.settledUs) }),
  }
}

function rowGroup(
  journey: JourneyRecord,
  group: string,
  obligation: ObligationRecord | undefined,
): MessageRow['groups'][number] {
  if (!obligation) return { group, state: 'waiting', attempts: 0 }
  const last = obligation.attempts.at(-1)
  const isDone = obligation.state === 'delivered' || obligation.state === 'dead_lettered'
  const doneUs =
    obligation.state === 'delivered' ? (deliveredUs(obligation) ?? obligation.settledUs) : obligation.settledUs
  const error = obligation.attempts.findLast((run) => run.error)?.error
  return {
    group,
    state: obligation.state,
    attempts: runsOf(obligation),
    ...(isDone && doneUs !== undefined ? { settledInMs: Math.max((doneUs - journey.attemptedUs) / 1000, 0) } : {}),
    ...(obligation.state === 'retrying' && last?.dueUs !== undefined ? { dueAt: time(journey, last.dueUs) } : {}),
    ...(last?.reason === undefined ? {} : { reason: last.reason }),
    ...(error === undefined ? {} : { errorType: error.type }),
  }
}

/** Attempts up to the first that went well: a delivery after it, which the inbox suppressed, is not a retry. */
function runsOf({ attempts }: ObligationRecord): number {
  const done = attempts.findIndex(({ outcome }) => outcome === 'ok')
  return done === -1 ? attempts.length : done + 1
}

/** When the first run that went well ended. */
const deliveredUs = (obligation: ObligationRecord): number | undefined =>
  obligation.attempts.find(({ outcome }) => outcome === 'ok')?.endedUs

function envelopeOf(journey: JourneyRecord, body: string): Envelope {
  const { id, type, sequence, key, time: at, traceparent, tracestate, version, chained } = journey
  return {
    id,
    type,
    topic: sequence.topic,
    time: at,
    traceparent,
    version,
    body,
    ...(key === undefined ? {} : { key }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(chained === undefined || chained.correlationId === id ? {} : { correlationId: chained.correlationId }),
    ...(chained?.cause === undefined ? {} : { causationId: chained.cause.id }),
    ...(chained?.hops === undefined ? {} : { hops: chained.hops }),
  }
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    // A body that is not JSON is shown as it is.
    return raw
  }
}
