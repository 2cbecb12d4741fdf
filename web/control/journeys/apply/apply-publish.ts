import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { Sequence } from '../../ledger/sequence.ts'
import {
  type Chained,
  isAccepted,
  isOpenPublish,
  type JourneyRecord,
  obligationOf,
  toMs,
  toUs,
} from '../journey-record.ts'
import type { JournalPlace } from '../place.ts'
import type { ApplyContext } from './apply-context.ts'
import { answerEmission, beginEmission } from './emissions.ts'
import { isIdentityReused, noteHole, noteReported } from './sequence-checks.ts'

type Attempted = Extract<TelemetryRecord, { kind: 'publish.attempted' }>
type Settled = Extract<TelemetryRecord, { kind: 'publish.settled' }>

export function applyAttempted(context: ApplyContext, record: Attempted, place: JournalPlace): void {
  const { ledger, traces } = context
  endFormerEpochs(context, record.producer, record.epoch, record.at)
  const sequence = ledger.sequence(record.producer, record.epoch, record.topic)
  if (record.broker !== undefined) sequence.broker = record.broker
  let time = ''
  let isNews = false
  for (const message of record.messages) {
    const { seq, type } = message
    const { highest } = sequence
    const isNew = ledger.attempt(sequence, seq, type)
    const known = traces.get(sequence, seq)
    if (isNew) {
      isNews = true
      if (message.burstId !== undefined) context.sink.countOfBurst(message.burstId, 'attempted', record.at)
      if (highest + 1 !== seq) noteHole(context, sequence, { highest, seq })
      if (ledger.markPhantom(sequence, seq, false)) context.sink.retract('phantom_message', sequence.prefix + seq)
    } else if (isIdentityReused(record, message, { sequence, known })) {
      context.sink.raise('identity_reused', sequence.prefix + seq, record.at)
      if (message.burstId !== undefined) context.sink.countOfBurst(message.burstId, 'reused', record.at)
    } else context.sink.repeated(record.producer, sequence.prefix + seq)
    // Settled and dropped long ago, or reported twice.
    if (known ? known.order >= 0 : !context.sink.beginsJourney(isNew)) continue
    const journey = known ?? traces.ensure(sequence, seq, record.at)
    const wasOpen = traces.isOpen(journey)
    traces.touch(journey, place)
    if (message.time !== time) time = message.time
    journey.type = context.intern(type)
    takeMessage(journey, message, place)
    journey.time = time
    journey.burstId = message.burstId === undefined ? undefined : context.intern(message.burstId)
    journey.attemptedUs = toUs(journey, record.at)
    journey.owed = context.owedGroups(type)
    if (isNew) beginEmission(context, journey, record.at)
    if (isNew) context.sink.flows.reported(journey)
    traces.adopt(journey, wasOpen)
    traces.bodies.added(journey)
    // Its publish was answered before it was reported: this can only be a frame that came late.
    if (journey.publish !== 'attempted') settleLedger(context, journey, record.at)
    else if (context.sink.hasEnded(sequence)) giveUp(context, journey, record.at)
    traces.changed(journey, wasOpen)
  }
  if (isNews) noteReported(sequence, record)
}

/** Takes what one message was published with, but for what is shared by many: type and burst. */
export function takeMessage(journey: JourneyRecord, message: Attempted['messages'][number], place: JournalPlace): void {
  journey.version = message.version
  journey.key = message.key
  journey.traceparent = message.traceparent
  journey.tracestate = message.tracestate
  journey.time = message.time
  journey.body = message.body
  const chained = chainedOf(message, journey.id)
  if (chained) journey.chained = chained
  journey.publishSegment = place.segment
  journey.publishOffset = place.offset
}

/** What a message has that another caused, or to which its program gave an id; undefined for all others. */
function chainedOf({ correlationId, cause, hops, givenId }: Attempted['messages'][number], id: string) {
  if (correlationId === undefined && cause === undefined && givenId === undefined) return undefined
  return { correlationId: correlationId ?? cause?.id ?? id, cause, hops, givenId } satisfies Chained
}

export function applySettled(context: ApplyContext, record: Settled, place: JournalPlace): void {
  const { ledger, traces, flow } = context
  const sequence = ledger.sequence(record.producer, record.epoch, record.topic)
  const service = context.serviceOf(record.producer)
  for (const { seq, state, ref, error } of record.outcomes) {
    const known = traces.get(sequence, seq)
    if (!known && !context.sink.beginsWithAnswer(sequence, seq)) continue
    const journey = known ?? traces.ensure(sequence, seq, record.at)
    if (journey.publish === 'acked' || journey.publish === 'failed') continue
    if (journey.publish === 'recovered' && state !== 'acked') continue
    if (journey.publish === 'absent' && state === 'indeterminate') continue
    const wasOpen = traces.isOpen(journey)
    traces.touch(journey, place)
    if (ref !== undefined) journey.ref = ref
    journey.error = state === 'acked' ? undefined : error
    if (state !== 'indeterminate' && journey.burstId !== undefined)
      context.sink.countOfBurst(journey.burstId, state, record.at)
    if (state === 'acked') journey.ackedUs = toUs(journey, record.at)
    if (journey.order >= 0 && !isAccepted(journey)) narrow(context, journey)
    if (state === 'failed')
      for (const { group } of journey.obligations) context.sink.raise('aborted_read', journey.id, record.at, group)
    resolve(context, journey, state, record.at)
    // A consumer was faster than the answer that never came.
    if (journey.obligations.length > 0) recover(context, journey, record.at)
    if (state === 'acked') {
      flow.published(
        service,
        sequence.topic,
        journey.order < 0 ? undefined : record.at - toMs(journey, journey.attemptedUs),
      )
    } else flow.publishFailed(service, sequence.topic)
    traces.changed(journey, wasOpen)
  }
}

/** Who stopped taking the type while the publish was on its way may not get it, and is owed nothing. */
function narrow(context: ApplyContext, journey: JourneyRecord): void {
  const now = context.owedAtAnswer(journey.type)
  if (now === undefined || now === journey.owed || journey.owed.every((group) => now.includes(group))) return
  journey.owed = journey.owed.filter((group) => now.includes(group))
}

/** A publish that is thought indeterminate or absent turned up downstream. */
export function recover(context: ApplyContext, journey: JourneyRecord, at: number): void {
  if (journey.publish === 'indeterminate' || journey.publish === 'absent') resolve(context, journey, 'recovered', at)
}

/** Nobody has seen an indeterminate publish, and the broker was read past the point where it could be. */
export function declareAbsent(context: ApplyContext, journey: JourneyRecord, at: number): void {
  if (journey.publish === 'indeterminate') resolve(context, journey, 'absent', at)
}

/**
 * The producer began a newer epoch, so its former process is gone: publishes that it left unanswered are indeterminate,
 * those that were seen downstream are recovered.
 */
export function endFormerEpochs(context: ApplyContext, producer: string, epoch: number, at: number): void {
  for (const sequence of context.ledger.beginEpoch(producer, epoch)) abandon(context, sequence, at)
}

/** Ends what is unanswered in a sequence whose producer is gone. */
export function abandon(context: ApplyContext, sequence: Sequence, at: number): void {
  for (const journey of context.traces.slots.ofSequence(sequence)) {
    if (!isOpenPublish(journey)) continue
    const wasOpen = context.traces.isOpen(journey)
    journey.revision += 1
    giveUp(context, journey, at)
    context.traces.changed(journey, wasOpen)
  }
}

/** Its producer is gone without an answer; one that a consumer spoke of has arrived all the same. */
function giveUp(context: ApplyContext, journey: JourneyRecord, at: number): void {
  const { producer, epoch } = journey.sequence
  journey.changedAside = true
  journey.error = {
    type: 'ProducerGone',
    message: `epoch ${epoch} of ${producer} ended before the broker's answer was heard of`,
  }
  if (journey.order >= 0 && !isAccepted(journey)) narrow(context, journey)
  resolve(context, journey, 'indeterminate', at)
  if (journey.obligations.length > 0) recover(context, journey, at)
}

function resolve(
  context: ApplyContext,
  journey: JourneyRecord,
  state: 'acked' | 'failed' | 'indeterminate' | 'recovered' | 'absent',
  at: number,
): void {
  const before = journey.publish
  const wasAccepted = isAccepted(journey)
  journey.publish = state
  if (before === 'recovered' && journey.order >= 0) context.sink.retract('recovered_publish', journey.id)
  if (!wasAccepted && isAccepted(journey)) {
    for (const group of journey.owed) if (!obligationOf(journey, group)) journey.unsettledObligations += 1
  }
  if (journey.order >= 0) settleLedger(context, journey, at)
}

/** Enters the answer into the ledger, once the publish itself is in it. */
function settleLedger(context: ApplyContext, journey: JourneyRecord, at: number): void {
  const { ledger, flow } = context
  const { sequence, seq, publish } = journey
  if (publish === 'attempted') return
  if (publish === 'recovered') context.sink.raise('recovered_publish', journey.id, at)
  const isNews = isAccepted(journey) && !ledger.isAccepted(sequence, seq)
  if (isNews)
    for (const group of journey.owed) if (ledger.expect(sequence, seq, group)) flow.routed(sequence.topic, group)
  ledger.publishOutcome(sequence, seq, journey.type, publish)
  if (isNews) context.sink.flows.accepted(journey, at)
  else if (publish === 'failed') context.sink.flows.refused(journey)
  if (isNews || publish === 'failed') answerEmission(context, journey, isNews, at)
}
