import { createLineLimit } from './line-limit.ts'
import { type LogEntry, readLogLine } from './worker-log.ts'

/** What one replica prints: read, and held to a rate. */
export interface WorkerLines {
  take(stream: 'stdout' | 'stderr', line: string): void
}

const linesPerSecond = 200

/** Above 200 lines a second the rest of the second is counted and logged, so that a worker's chatter cannot drown the lab. */
export function createWorkerLines(now: () => number, record: (entry: LogEntry) => void): WorkerLines {
  const limit = createLineLimit({
    perWindow: linesPerSecond,
    windowMs: 1_000,
    onHeldBack: (count) =>
      record({ at: now(), level: 'warn', message: `${count} more lines in this second are not shown` }),
  })
  return {
    take(stream, line) {
      if (line.trim() === '' || !limit.admit()) return
      const entry = readLogLine(line, now)
      record(stream === 'stderr' ? { ...entry, level: 'error' } : entry)
    },
  }
}
