import { isFencing } from '../kafka-error.ts'
import type { MemberConnection } from './group-member.ts'
import { type FetchedRecord, isDirty, type PartitionLog, settledUpTo } from './partition-log.ts'

export interface Commits {
  /** Commits soon, since something was settled. */
  request(): void
  /** Commits what is settled now; resolves when the broker has it, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>
  stop(): void
}

/** At most so often: each commit is a record in the broker's own log. */
const everyMs = 10
const retryMs = 200

/**
 * Commits, one request at a time for all partitions. A commit that fails is repeated with what is settled then: after a
 * rebalance, or when the broker is back. `onConfirmed` is called with the records that a commit covered, `onFenced` of those whose commit
 * the group refused and whose partition another has now: a member that keeps its partition commits them later.
 */
export function createCommits(options: {
  member: () => MemberConnection | undefined
  logs: () => Iterable<PartitionLog>
  now: () => number
  onConfirmed: (taken: FetchedRecord[]) => void
  onFenced: (taken: FetchedRecord[]) => void
}): Commits {
  let committing: Promise<boolean> | undefined
  let timer: NodeJS.Timeout | undefined
  let committedAt = 0
  let failed = false
  let stopped = false
  /** What a refused commit would have covered. */
  const refused = new Map<PartitionLog, FetchedRecord[]>()

  const dirty = (): PartitionLog[] => [...options.logs()].filter(isDirty)

  function schedule(delayMs: number): void {
    if (stopped || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      void commit()
    }, delayMs)
  }

  /** Whether there was nothing left to commit or the broker took it. */
  function commit(): Promise<boolean> {
    committing ??= attempt().finally(() => {
      committing = undefined
      tellFenced()
      if (dirty().length > 0) schedule(failed ? retryMs : everyMs)
      else if (refused.size > 0) schedule(retryMs)
    })
    return committing
  }

  function tellFenced(): void {
    const fenced = [...refused].filter(([log]) => log.lost)
    for (const [log] of fenced) refused.delete(log)
    if (fenced.length > 0) options.onFenced(fenced.flatMap(([, taken]) => taken))
  }

  async function attempt(): Promise<boolean> {
    const logs = dirty()
    const member = options.member()
    if (logs.length === 0) return true
    if (!member) return false
    const offsets = logs.flatMap((log) => {
      const offset = settledUpTo(log)
      return offset === undefined ? [] : [{ log, topic: log.topic, partition: log.partition, offset }]
    })
    try {
      await member.commit(offsets)
      failed = false
    } catch (error) {
      failed = true
      if (isFencing(error)) for (const { log } of offsets) refused.set(log, [...log.covered])
      return false
    }
    committedAt = options.now()
    const confirmed: FetchedRecord[] = []
    for (const { log, offset } of offsets) {
      log.committed = offset
      refused.delete(log)
      const rest = log.covered.findIndex((taken) => taken.offset >= offset)
      confirmed.push(...log.covered.splice(0, rest < 0 ? log.covered.length : rest))
    }
    if (confirmed.length > 0) options.onConfirmed(confirmed)
    return true
  }

  return {
    request() {
      if (committing === undefined) schedule(Math.max(0, everyMs - (options.now() - committedAt)))
    },
    async flush(timeoutMs) {
      const deadline = options.now() + timeoutMs
      while (dirty().length > 0 && options.now() < deadline) {
        clearTimeout(timer)
        timer = undefined
        if (!(await commit())) await new Promise((resolve) => setTimeout(resolve, Math.min(retryMs, timeoutMs / 4)))
      }
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      tellFenced()
    },
  }
}
