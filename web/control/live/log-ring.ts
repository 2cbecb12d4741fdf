import type { LogRecord } from '#contracts/protocols/telemetry.ts'

export const keptLines = 2_000
/** Lines of all services that are sorted at once. */
const newestLines = 5_000

/** The last log lines of each service, numbered from 1. */
export class LogRing {
  readonly #services = new Map<string, { lines: LogRecord[]; last: number }>()

  add(line: LogRecord): void {
    let ring = this.#services.get(line.service)
    if (!ring) {
      ring = { lines: [], last: 0 }
      this.#services.set(line.service, ring)
    }
    ring.lines[ring.last % keptLines] = line
    ring.last += 1
  }

  /**
   * The newest lines of each service, fewer of each where there are many services, as many as `characters` of them all hold: what a
   * checkpoint keeps.
   */
  newest(perService = 200, characters = 1_000_000): LogRecord[] {
    const each = Math.min(perService, Math.ceil(newestLines / this.#services.size))
    const newest = [...this.#services.keys()]
      .flatMap((service) => this.since(service, 0, each).lines)
      .sort((a, b) => b.at - a.at)
    let left = characters
    const kept = newest.findIndex((line) => {
      left -= JSON.stringify(line).length
      return left < 0
    })
    return (kept < 0 ? newest : newest.slice(0, kept)).reverse()
  }

  last(service: string): number {
    return this.#services.get(service)?.last ?? 0
  }

  /** Up to `limit` newest lines after number `after`, oldest first, and how many others came since. */
  since(service: string, after: number, limit: number): { lines: LogRecord[]; skipped: number; last: number } {
    const ring = this.#services.get(service)
    if (!ring || ring.last <= after) return { lines: [], skipped: 0, last: after }
    const count = Math.min(ring.last - after, limit, keptLines)
    const lines: LogRecord[] = []
    for (let number = ring.last - count; number < ring.last; number += 1) {
      const line = ring.lines[number % keptLines]
      if (line) lines.push(line)
    }
    return { lines, skipped: ring.last - after - count, last: ring.last }
  }
}
