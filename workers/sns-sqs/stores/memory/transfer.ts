import { randomUUID } from 'node:crypto'
import type { MoveResult, MoveTargets } from '../queue-store.ts'
import type { ChangeLog } from './change-log.ts'
import type { LiveMessage } from './copy.ts'
import type { MemoryQueue } from './memory-queue.ts'
import type { MemoryState } from './memory-state.ts'

export interface Transfer {
  result: MoveResult
  /** Names of the queues that got some. */
  receivers: Set<string>
  /** Resolves once it is as durable as the log promises. */
  written: Promise<unknown>
}

/** Takes visible messages out of `from`, each as a new one into its target, until `max` are moved or `chores` were looked at. */
export function transferVisible(
  { state, log }: { state: MemoryState; log: ChangeLog },
  from: MemoryQueue,
  to: MoveTargets,
  max: number,
  now: number,
  chores: number,
): Transfer {
  const written: Promise<void>[] = []
  const receivers = new Set<string>()
  let stuck = false
  let looked = 0
  while (written.length < max && looked < chores) {
    const copy = from.takeReady(now)
    if (copy === undefined) break
    looked++
    if (copy.message.sentAt + from.definition.settings.retentionMs <= now) {
      state.remove(from, copy)
      continue
    }
    const target = 'anywhere' in to ? to.anywhere : to.bySource.get(copy.deadLetterSource)
    const queue = target === undefined ? undefined : state.byName.get(target)
    if (queue === undefined) {
      from.putBack(copy, now)
      stuck = true
      break
    }
    const old = copy.message
    const message: LiveMessage = { ...old, seq: state.nextSeq++, id: randomUUID(), sentAt: now, holders: 0, segment: 0 }
    // The new message holds on to the old one's text in the journal before that one is let go.
    written.push(log.transferred(from.number, queue.number, copy.key, message, old))
    state.transfer(from, queue, copy, message, now)
    receivers.add(queue.definition.name)
  }
  from.endTake()
  return {
    result: { moved: written.length, more: !stuck && looked > 0, stuck },
    receivers,
    written: Promise.all(written),
  }
}
