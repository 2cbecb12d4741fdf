import type { Logger } from 'pino'
import type { DeclaredLab } from './declared-lab.ts'
import type { LabStore } from './lab-store.ts'

/** Between two reads at first, in milliseconds: web starts beside the database. */
const atFirstMs = 100
/** After so long it is no start any more, in milliseconds: it is read less often. */
const startMs = 60_000
const laterMs = 1_000

export interface StoredReading {
  /** Reads the store until it answers. Undefined where `isStopped` came first. */
  read(isStopped: () => boolean): Promise<DeclaredLab | undefined>
  /** Why it could not be read the last time, in words for a person; undefined if it could, or was not tried yet. */
  problem(): string | undefined
}

/** Each new reason that the store gives is logged once. `now`: epoch milliseconds. */
export function readUntilStored(store: Pick<LabStore, 'load'>, log: Logger, now: () => number): StoredReading {
  let problem: string | undefined
  return {
    async read(isStopped) {
      const begunAt = now()
      while (!isStopped()) {
        try {
          const stored = await store.load()
          problem = undefined
          return stored
        } catch (error) {
          const reason = lastLineOf(error)
          if (reason !== problem)
            log.warn({ err: error }, `the stored lab cannot be read, and is tried again: ${reason}`)
          problem = reason
        }
        await new Promise((resolve) => setTimeout(resolve, now() - begunAt < startMs ? atFirstMs : laterMs))
      }
      return undefined
    },
    problem: () => problem,
  }
}

/** Prisma puts lines of context before the reason. */
function lastLineOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error)
  return text.trim().split('\n').at(-1)?.trim() ?? text
}
