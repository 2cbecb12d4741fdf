import type { Burst } from '#contracts/api/burst.ts'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import { interruptedBurst, type LedgerTally, withProgress } from './burst-figures.ts'

/** Without figures for this long, a burst whose producer is no longer the process that took it is interrupted, in milliseconds. */
const silentMs = 3_000
/** Without figures for this long, a burst is interrupted whatever its producer seems to be, in milliseconds. */
const lostMs = 60_000

interface Followed {
  burst: Burst
  /** Processes that could have taken it. */
  pids: ReadonlySet<number>
}

/**
 * RUNNING: figures come, or it is interrupted. ENDED: its figures are final, but for one that was interrupted and whose producer
 * turns out to live, which runs again.
 */
type Tracked =
  | (Followed & {
      kind: 'running'
      /** Epoch milliseconds of the last figures, or of the start. */
      heardAt: number
      /** Called when it ends. */
      waiters: (() => void)[]
    })
  | (Followed & { kind: 'ended' })

/**
 * UNREAD: bursts of an earlier process are not known yet, and figures that nobody claims may be theirs: the producer may report the
 * end of one before the database can tell of it. READ: they are known.
 */
type Past = { kind: 'unread'; unclaimed: Map<string, BurstProgressRecord> } | { kind: 'read' }

/** What is known of bursts from memory: those that run, and the last few that ended. */
export interface BurstTracker {
  /** Newest first. */
  recent(): Burst[]
  running(): Burst[]
  find(id: string): Burst | undefined
  begin(burst: Burst, pids: ReadonlySet<number>): void
  /** Removes a burst that never began. */
  forget(id: string): void
  /** Resolves when it ends, at once where it has; never if it is not known here. */
  untilEnded(id: string): Promise<void>
  takeProgress(progress: BurstProgressRecord): void
  /** Brings bursts of an earlier process back, with the figures that came before it could. */
  restore(bursts: readonly Burst[], pids: ReadonlySet<number>): void
  /** Interrupts those that run and of which nothing is heard; `alive` are the processes of the producer now. */
  interruptSilent(alive: ReadonlySet<number>): void
}

/** `shown`: ended bursts that are remembered. `onEnd` is called with each that ends. */
export function createBurstTracker(options: {
  shown: number
  onEnd: (burst: Burst) => void
  now: () => number
  /** What the ledger has of the messages of a burst. Default: nothing. */
  tally?: (id: string) => LedgerTally | undefined
}): BurstTracker {
  const { shown, onEnd, now, tally = () => undefined } = options
  const tracked = new Map<string, Tracked>()
  let past: Past = { kind: 'unread', unclaimed: new Map() }

  const recent = (): Burst[] =>
    [...tracked.values()].map(({ burst }) => burst).sort((a, b) => b.startedAt.localeCompare(a.startedAt))
  const follow = (burst: Burst, pids: ReadonlySet<number>): void => {
    const entry: Tracked =
      burst.state === 'running'
        ? { kind: 'running', burst, pids, heardAt: now(), waiters: [] }
        : { kind: 'ended', burst, pids }
    tracked.set(burst.id, entry)
  }
  const end = (entry: Tracked, burst: Burst): void => {
    tracked.set(burst.id, { kind: 'ended', burst, pids: entry.pids })
    onEnd(burst)
    if (entry.kind === 'running') for (const reported of entry.waiters) reported()
    const ended = recent().filter(({ id }) => tracked.get(id)?.kind === 'ended')
    for (const { id } of ended.slice(shown)) tracked.delete(id)
  }
  const takeProgress = (progress: BurstProgressRecord): void => {
    const entry = tracked.get(progress.burstId)
    if (!entry) {
      if (past.kind === 'unread') past.unclaimed.set(progress.burstId, progress)
      return
    }
    const burst = withProgress(entry.burst, progress)
    if (burst !== entry.burst && burst.state !== 'running') end(entry, burst)
    else if (entry.kind === 'running') Object.assign(entry, { burst, heardAt: now() })
    else if (burst !== entry.burst) follow(burst, entry.pids)
  }

  return {
    recent,
    running: () => [...tracked.values()].flatMap(({ kind, burst }) => (kind === 'running' ? [burst] : [])),
    find: (id) => tracked.get(id)?.burst,
    begin: follow,
    forget: (id) => void tracked.delete(id),
    untilEnded: (id) =>
      new Promise((resolve) => {
        const entry = tracked.get(id)
        if (entry?.kind === 'running') entry.waiters.push(resolve)
        else if (entry) resolve()
      }),
    takeProgress,
    restore(bursts, pids) {
      for (const burst of bursts) if (!tracked.has(burst.id)) follow(burst, pids)
      const unclaimed = past.kind === 'unread' ? past.unclaimed.values() : []
      past = { kind: 'read' }
      for (const progress of unclaimed) takeProgress(progress)
    },
    interruptSilent(alive) {
      for (const entry of [...tracked.values()]) {
        if (entry.kind !== 'running') continue
        const silent = now() - entry.heardAt
        const sameProcess = [...entry.pids].some((pid) => alive.has(pid))
        if (silent < silentMs || (sameProcess && silent < lostMs)) continue
        end(entry, interruptedBurst(entry.burst, tally(entry.burst.id), now()))
      }
      // Its last telemetry may come after that: what a sidecar had kept, or what a new epoch of the producer settles.
      for (const entry of [...tracked.values()]) {
        if (entry.kind !== 'ended' || entry.burst.state !== 'interrupted') continue
        const newer = interruptedBurst(entry.burst, tally(entry.burst.id), now())
        if (newer.attempted > entry.burst.attempted || newer.acked > entry.burst.acked) end(entry, newer)
      }
    },
  }
}
