import { maximumAttempts, type ReceiveAttempts, repeatableMs } from '../receive-attempts.ts'
import type { ChangeLog, KeptAttempt } from './change-log.ts'

/** Receives that can be repeated, in memory. */
export class MemoryAttempts {
  /** By id, the one that was kept longest ago first. */
  private readonly kept = new Map<string, KeptAttempt>()

  get(id: string, now: number): string | undefined {
    const attempt = this.kept.get(id)
    return attempt === undefined || attempt.until <= now ? undefined : attempt.text
  }

  /** Answers what is kept. */
  keep(id: string, text: string, now: number): KeptAttempt {
    const attempt = { text, until: now + repeatableMs }
    this.put(id, attempt)
    for (const [oldest, { until }] of this.kept) {
      if (until > now) break
      this.kept.delete(oldest)
    }
    return attempt
  }

  put(id: string, attempt: KeptAttempt): void {
    this.kept.delete(id)
    this.kept.set(id, attempt)
    if (this.kept.size <= maximumAttempts) return
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest)
      return
    }
  }

  entries(): [id: string, attempt: KeptAttempt][] {
    return [...this.kept]
  }

  clear(): void {
    this.kept.clear()
  }
}

/** The port of the store: what is kept is reported to its log. */
export const attemptsOf = (kept: MemoryAttempts, log: ChangeLog, clock: () => number): ReceiveAttempts => ({
  get: async (id) => kept.get(id, clock()),
  // Where the disk refuses, receives go on all the same: the log says so, and writes it as soon as there is room.
  keep: (id, text) => log.attempted(id, kept.keep(id, text, clock())).catch(() => {}),
})
