import type { DeadLetterItem, DiscardAnswer, DiscardInput } from '#contracts/api/dead-letter.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { BrokerUnavailable } from '#workers/broker/broker.ts'
import type { DeadLetters, DiscardOutcome } from '#workers/broker/dead-letters.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import type { Gate } from '../publish/gate.ts'
import { parseDeadLetterId } from './dead-letter-item.ts'
import type { DeadLetterService } from './dead-letter-service.ts'
import { bodyHash, type DiscardBook, type Discarded } from './discard-book.ts'
import { choose, selectionOf } from './redrive-selection.ts'

export interface DiscardSources {
  letterService: Pick<DeadLetterService, 'ofGroup'>
  book: DiscardBook
  broker: () => BrokerName
  deadLetters: () => DeadLetters
  groups: () => readonly string[]
  gate: Pick<Gate, 'refusal'>
  /** Called with how many of a group were removed. */
  onDiscarded(group: string, count: number): void
  now?: () => number
}

/**
 * Removes the dead letters that are named, for good; without `confirm` it says which it would remove, and removes none. The message stays
 * dead-lettered in the ledger, since nobody handled it, and the book says why the broker does not hold it any more: it is written first, so
 * that an audit after a crash in between takes no message for lost.
 */
export function createDiscards(sources: DiscardSources): (input: DiscardInput) => Promise<DiscardAnswer> {
  const { letterService, book, broker, now = Date.now } = sources

  async function discard(group: string, items: readonly DeadLetterItem[]): Promise<DiscardOutcome[]> {
    const at = new Date(now()).toISOString()
    await book.add(items.map((item) => entryOf(item, broker(), at)))
    const refs = items.map(({ id }) => parseDeadLetterId(id)?.ref ?? '')
    const outcomes = await sources
      .deadLetters()
      .discard(group, refs)
      .catch((error: unknown) => {
        if (error instanceof BrokerUnavailable) throw new ApiProblem('broker_down', error.message)
        throw error
      })
    const removed = outcomes.filter(({ state }) => state === 'discarded').length
    if (removed > 0) sources.onDiscarded(group, removed)
    return outcomes
  }

  return async (input) => {
    const { items } = await choose(letterService, selectionOf({ ids: input.ids, dryRun: false }, sources.groups()))
    const byGroup = new Map<string, DeadLetterItem[]>()
    for (const item of items) byGroup.set(item.group, [...(byGroup.get(item.group) ?? []), item])
    const answer: DiscardAnswer = {
      state: 'dry_run',
      broker: broker(),
      selected: items.length,
      selectedByGroup: Object.fromEntries([...byGroup].map(([group, those]) => [group, those.length])),
      ...{ discarded: 0, failed: 0, gone: input.ids.length - items.length },
    }
    if (input.confirm === undefined) return answer
    if (input.confirm !== items.length) {
      const message = `says ${input.confirm}, and ${items.length} of those that are named are among the dead letters now; look again`
      throw inputProblem('invalid_body', [{ path: '/confirm', message }])
    }
    const refused = sources.gate.refusal()
    if (refused !== undefined) throw new ApiProblem('broker_switching', refused)
    for (const [group, those] of byGroup) {
      for (const outcome of await discard(group, those)) {
        answer[outcome.state] += 1
        if (outcome.state === 'failed') answer.detail = outcome.error.message
      }
    }
    return { ...answer, state: 'done' }
  }
}

function entryOf({ group, messageId, headers, raw }: DeadLetterItem, broker: BrokerName, at: string): Discarded {
  if (messageId !== undefined) return { broker, group, messageId, at }
  const { traceparent } = headers
  return { broker, group, at, bodyHash: bodyHash(raw), ...(traceparent === undefined ? {} : { traceparent }) }
}
