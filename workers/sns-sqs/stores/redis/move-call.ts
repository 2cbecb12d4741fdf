import { randomUUID } from 'node:crypto'
import type { MoveResult, MoveTargets } from '../queue-store.ts'
import type { Keys } from './keys.ts'
import type { Known, KnownQueue } from './known.ts'

export interface MoveCall {
  /** Arguments that follow clock and epoch, and keys that follow those of the queue. */
  args: (string | number)[]
  moreKeys: string[]
  /** Names of the targets, by number. */
  names: Map<string, string>
}

/** What the script `move` needs to take up to `max` messages out of a queue. */
export function moveCallOf(
  queue: KnownQueue,
  known: Known,
  to: MoveTargets,
  max: number,
  { keys, sender }: { keys: Keys; sender: string },
): MoveCall {
  const wanted: (readonly [string, string])[] = 'anywhere' in to ? [['*', to.anywhere]] : [...to.bySource]
  const targets = wanted.flatMap(([source, target]) => {
    const one = known.byName.get(target)
    return one === undefined ? [] : [{ source, queue: one }]
  })
  const each = targets.flatMap((one) => [one.source, one.queue.number, one.queue.fifo ? 1 : 0])
  const ids = Array.from({ length: max }, () => randomUUID())
  const { retentionMs } = queue.definition.settings
  return {
    args: [sender, keys.channel, retentionMs, queue.fifo ? 1 : 0, targets.length, ...each, ...ids],
    moreKeys: targets.flatMap((one) => keys.queue(one.queue)),
    names: new Map(targets.map((one) => [String(one.queue.number), one.queue.definition.name])),
  }
}

/** What the script answers, and the numbers of the queues that got some. */
export function movedOf([, moved, found, stuck, ...numbers]: string[]): { result: MoveResult; numbers: string[] } {
  return {
    result: { moved: Number(moved), more: found === '1' && stuck === '0', stuck: stuck === '1' },
    numbers,
  }
}
