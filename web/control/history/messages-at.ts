import type { MessageRow, PublishState } from '#contracts/api/journey.ts'
import type { ObligationCount, PublishCount } from '../ledger/ledger-changes.ts'
import { newPublish, stepOf } from './change-codes.ts'
import { type ChangedSequence, type Changes, countUntil } from './changes.ts'
import type { Moment } from './moment.ts'

/** A message as the changes have it. */
export interface MessageAt {
  id: string
  lane: ChangedSequence
  type: string
  /** Epoch milliseconds; undefined if its publish came before what is recorded. */
  publishedAt: number | undefined
  publish: PublishState
  groups: Map<string, { state: MessageRow['groups'][number]['state']; attempts: number }>
}

/** What is recorded up to `t`: moments, and the changes that followed each. */
export interface Recorded {
  moments: readonly Moment[]
  /** Number of the last moment that is not after `t`. */
  last: number
  t: number
  changesOf(moment: Moment): Changes
}

/** The newest messages that were published at or before `t`, newest first, as they were then. */
export function newestMessages(recorded: Recorded, limit: number): MessageAt[] {
  const found: string[] = []
  let first = recorded.last + 1
  for (let number = recorded.last; number >= 0 && found.length < limit; number -= 1) {
    const moment = recorded.moments[number]
    if (!moment || !mayPublish(recorded, moment, number)) continue
    const changes = recorded.changesOf(moment)
    for (let index = until(recorded, moment, changes) - 1; index >= 0 && found.length < limit; index -= 1) {
      if (changes.code[index] !== newPublish) continue
      found.push(idAt(changes, index))
      first = number
    }
  }
  const messages = messagesAt(recorded, found, first)
  return found.flatMap((id) => messages.get(id) ?? [])
}

/** The messages of these ids as they were at `t`; `from`: number of the first moment whose changes may speak of them. */
export function messagesAt(recorded: Recorded, ids: readonly string[], from = 0): Map<string, MessageAt> {
  const wanted = byLane(ids)
  const messages = new Map<string, MessageAt>()
  for (let number = from; number <= recorded.last; number += 1) {
    const moment = recorded.moments[number]
    if (!moment || !concerns(recorded, moment, number, wanted)) continue
    const changes = recorded.changesOf(moment)
    const seqs = changes.lanes.map(({ prefix }) => wanted.get(prefix)?.seqs)
    const count = until(recorded, moment, changes)
    for (let index = 0; index < count; index += 1) {
      if (seqs[changes.lane[index] ?? 0]?.has(changes.seq[index] ?? 0)) apply(messages, moment.at, changes, index)
    }
  }
  return messages
}

interface WantedSequence {
  seqs: Set<number>
  low: number
  high: number
}

function byLane(ids: readonly string[]): Map<string, WantedSequence> {
  const wanted = new Map<string, WantedSequence>()
  for (const id of ids) {
    const split = id.lastIndexOf(':') + 1
    const [prefix, seq] = [id.slice(0, split), Number(id.slice(split))]
    const lane = wanted.get(prefix) ?? { seqs: new Set(), low: seq, high: seq }
    lane.seqs.add(seq)
    lane.low = Math.min(lane.low, seq)
    lane.high = Math.max(lane.high, seq)
    wanted.set(prefix, lane)
  }
  return wanted
}

/** The changes after the last keyframe are not cut yet, so nothing is known of their lanes. */
const isOpen = ({ moments }: Recorded, number: number): boolean => number === moments.length - 1

const mayPublish = (recorded: Recorded, { lanes }: Moment, number: number): boolean =>
  isOpen(recorded, number) || lanes.some(({ published }) => published > 0)

function concerns(recorded: Recorded, { lanes }: Moment, number: number, wanted: Map<string, WantedSequence>): boolean {
  if (isOpen(recorded, number)) return true
  return lanes.some(({ prefix, low, high }) => {
    const lane = wanted.get(prefix)
    return lane !== undefined && lane.low <= high && lane.high >= low
  })
}

/** How many of the changes after a moment were taken at or before `t`. */
const until = ({ t }: Recorded, { at }: Moment, changes: Changes): number => countUntil(changes, t - at)

const idAt = ({ lanes, lane, seq }: Changes, index: number): string =>
  `${lanes[lane[index] ?? 0]?.prefix ?? ''}${seq[index] ?? 0}`

function apply(messages: Map<string, MessageAt>, momentAt: number, changes: Changes, index: number): void {
  const lane = changes.lanes[changes.lane[index] ?? 0]
  const step = stepOf(changes.code[index] ?? 0)
  if (!lane || !step) return
  const id = idAt(changes, index)
  const name = changes.names[changes.name[index] ?? 0] ?? ''
  let message = messages.get(id)
  if (!message) {
    message = { id, lane, type: lane.topic, publishedAt: undefined, publish: 'recovered', groups: new Map() }
    messages.set(id, message)
  }
  if (step.of === 'publish') {
    message.type = name
    message.publish = publishState(step.to)
    if (step.from === undefined) message.publishedAt = momentAt + (changes.ms[index] ?? 0)
    return
  }
  const group = message.groups.get(name) ?? { state: 'waiting', attempts: 0 }
  group.state = obligationState(step.to)
  if (step.to === 'handling') group.attempts += 1
  message.groups.set(name, group)
}

const publishState = (count: PublishCount): PublishState => (count === 'open' ? 'attempted' : count)

const obligationState = (count: ObligationCount): MessageRow['groups'][number]['state'] =>
  count === 'deadLettered' ? 'dead_lettered' : count
