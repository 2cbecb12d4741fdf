import { parseIdentity } from '#contracts/events/identity.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { chunkOf, type Sequence } from '../../ledger/sequence.ts'
import type { JourneyRecord } from '../journey-record.ts'
import type { ApplyContext } from './apply-context.ts'

type Attempted = Extract<TelemetryRecord, { kind: 'publish.attempted' }>

/** Sequence numbers of one hole that are named at most: of a wider one only its first ones are named. */
const namedOfHole = 10_000

/**
 * Numbers are dense, so a message that comes after a gap says that others should have come before it. They may still be reported:
 * that is judged behind the watermark. `highest` is what was attempted before `seq`.
 */
export function noteHole({ sink }: ApplyContext, sequence: Sequence, at: { highest: number; seq: number }): void {
  const { highest, seq } = at
  const end = Math.min(seq, highest + 1 + namedOfHole)
  for (let hole = highest + 1; hole < end; hole += 1) sink.suspect('unsent', sequence.prefix + hole, '')
  wasSentAfterAll({ sink }, sequence, seq)
}

/** It was reported, or a consumer spoke of it: it is missing no longer. */
export function wasSentAfterAll({ sink }: Pick<ApplyContext, 'sink'>, sequence: Sequence, seq: number): void {
  if (sequence.unsent.size > 0 && sequence.unsent.delete(seq)) sink.retract('unsent_message', sequence.prefix + seq)
}

/** A publish that was acknowledged, or must have been tried, is known to nobody though its time is over. */
export function enterUnsent({ ledger, sink }: ApplyContext, id: string, at: number): void {
  const found = ledger.find(id)
  const identity = found ? undefined : parseIdentity(id)
  const sequence = found?.sequence ?? (identity && ledger.sequence(identity.producer, identity.epoch, identity.topic))
  const seq = found?.seq ?? identity?.seq
  if (!sequence || seq === undefined || sequence.unsent.has(seq) || ledger.wasAttempted(sequence, seq)) return
  sequence.unsent.add(seq)
  sink.raise('unsent_message', id, at)
}

/**
 * Whether a publish that is reported a second time is another message under the same id, and not the same one reported twice. Of one
 * whose journey is no longer kept only the time is known: that of the last message of its thousand.
 */
export function isIdentityReused(
  record: Pick<Attempted, 'at'>,
  message: Attempted['messages'][number],
  { sequence, known }: { sequence: Sequence; known: JourneyRecord | undefined },
): boolean {
  if (!known || known.order < 0) return record.at > (sequence.reportedUntil.get(chunkOf(message.seq)) ?? record.at)
  const { time, body, type } = known.unread?.read() ?? known
  return time !== message.time || type !== message.type || (body !== undefined && body !== message.body)
}

/** Notes until when messages of a chunk were reported. A record is one batch, and spans two chunks at most. */
export function noteReported(sequence: Sequence, { at, messages }: Attempted): void {
  for (const message of [messages[0], messages.at(-1)]) {
    if (!message) continue
    const chunk = chunkOf(message.seq)
    if (at > (sequence.reportedUntil.get(chunk) ?? 0)) sequence.reportedUntil.set(chunk, at)
  }
}
