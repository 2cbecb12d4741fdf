import type { Logger } from 'pino'
import { z } from 'zod'
import type { WorkerConfig } from '#contracts/protocols/worker.ts'
import type { Wiring } from '#workers/broker/broker.ts'
import { ApiProblem } from '../problem/problem.ts'
import { asDeclared, configOf, type DeclaredLab, declaredLab, wiringOf, withStored } from './declared-lab.ts'
import type { LabStore } from './lab-store.ts'
import { createObligationHistory, owedInBoth } from './obligation-history.ts'
import { readUntilStored } from './read-until-stored.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const labFile = z.object({
  revision: z.int(),
  lab: declaredLab,
  /** By consumer: what the lab file said of its subscription when it was kept. */
  declared: z.record(z.string(), z.string()).default({}),
})

/**
 * Keeps what the lab is declared to be, and carries a change out.
 *
 * FROM FILE → LOADED. From file: as it was when this data folder was last used, since the database may come later;
 * nothing can be changed. Loaded: the database was read and its word counts; changes are taken.
 */
export interface CurrentLab {
  lab(): DeclaredLab
  /** Counts up with every change, also over restarts. */
  revision(): number
  /** Groups that took events of `type` at `at`, epoch milliseconds; now where absent. */
  groupsOf(type: string, at?: number): readonly string[]
  loaded(): boolean
  /** Why the database could not be read the last time, in words for a person; undefined if it could, or was not tried yet. */
  loadProblem(): string | undefined
  /**
   * Makes `change` of the lab true in this order: broker, database, this process, workers. Resolves when the broker is
   * wired, the database has it and the workers that are up have taken it, or took longer than two seconds. One change at a time; the next one
   * does not wait for workers. What `change` throws is thrown; `broker_down` and `database_down` leave everything as it was.
   */
  change(change: (lab: DeclaredLab) => DeclaredLab): Promise<void>
  /**
   * As `change`, to what another lab file declares. What users changed stays, but for subscriptions of which the file now says something
   * else than before.
   */
  redeclare(initial: DeclaredLab): Promise<void>
  /**
   * `prepare` makes a change true outside before it counts, and again the state before where the change fails later. A
   * rejection of it is `broker_down`. Those that were added first are asked first.
   */
  beforeChange(prepare: (wiring: Wiring) => Promise<void>): void
  /** `listener` is called with what holds from now on: after every change, and when the database was read. */
  onChange(listener: (config: WorkerConfig) => Promise<void>): void
  /** Reads the database until it answers, then wires broker and workers by it. Resolves when done or stopped. */
  start(): Promise<void>
  stop(): void
}

export interface CurrentLabOptions {
  /** Where the last known lab is kept. */
  path: string
  initial: DeclaredLab
  store: LabStore
  log: Logger
  now?: () => number
}

/** A worker that takes longer, as a paused one does, gets its configuration all the same; the answer does not wait for it. */
const configureWaitMs = 2_000

export async function openCurrentLab(options: CurrentLabOptions): Promise<CurrentLab> {
  const { path, store, log, now = Date.now } = options
  const kept = await readStateFile(path, labFile)
  let { initial } = options
  let declared: Record<string, string> = kept?.declared ?? {}
  let lab = kept ? withStored(initial, kept.lab, outdated(initial, declared)) : initial
  let revision = kept?.revision ?? 1
  let loaded = false
  let stopped = false
  let turn: Promise<unknown> = Promise.resolve()
  const history = createObligationHistory(lab)
  const prepares: ((wiring: Wiring) => Promise<void>)[] = []
  const listeners: ((config: WorkerConfig) => Promise<void>)[] = []

  const reading = readUntilStored(store, log, now)

  const declare = async (wiring: Wiring): Promise<void> => {
    for (const prepare of prepares) await prepare(wiring)
  }

  const take = async (next: DeclaredLab): Promise<void> => {
    const owedBefore = lab
    history.record(owedInBoth(owedBefore, next), now())
    lab = next
    revision = Math.max(revision + 1, now())
    declared = { ...declared, ...fingerprints(initial) }
    await writeStateFile(path, { revision, lab, declared }).catch((error: unknown) => {
      log.error(
        { err: error },
        `the lab could not be kept in ${path}; a start without the database will not know of it`,
      )
    })
    history.record(next, now())
  }
  const tell = (): Promise<unknown> =>
    Promise.race([
      Promise.all(listeners.map((listener) => listener(configOf(lab, revision)))).catch((error: unknown) => {
        log.warn({ err: error }, 'not every worker has taken the new configuration; it gets it when it reconnects')
      }),
      new Promise<void>((resolve) => setTimeout(resolve, configureWaitMs).unref()),
    ])

  /** Answers what resolves when workers have taken it. */
  const carryOut = async (
    change: (lab: DeclaredLab) => DeclaredLab,
    from = initial,
  ): Promise<{ announced: Promise<unknown> }> => {
    if (!loaded)
      throw new ApiProblem('database_down', 'the database has not answered yet; try again when /readyz says so')
    const before = lab
    const next = change(before)
    history.record(owedInBoth(before, next), now())
    try {
      await declare(wiringOf(next)).catch((error: unknown) => {
        throw new ApiProblem('broker_down', `nothing was changed: ${messageOf(error)}`)
      })
      // What is as declared is not a user's change, and is not stored.
      const unchanged = { ...before, subscriptions: [...before.subscriptions, ...from.subscriptions] }
      const gone = outdated(from, fingerprints(initial))
      await Promise.all([store.save(unchanged, next), store.forget([...gone])]).catch((error: unknown) => {
        throw new ApiProblem('database_down', `nothing was changed: ${messageOf(error)}`)
      })
    } catch (error) {
      history.record(before, now())
      // Best effort: where the broker is away now, its next look finds the wiring that counts.
      await declare(wiringOf(before)).catch(() => undefined)
      throw error
    }
    initial = from
    await take(next)
    return { announced: tell() }
  }
  /** A worker that does not answer must not hold up the changes that come after this one. */
  const inTurn = async (work: () => ReturnType<typeof carryOut>): Promise<void> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    await (await done).announced
  }

  return {
    lab: () => lab,
    revision: () => revision,
    groupsOf: history.groupsOf,
    loaded: () => loaded,
    loadProblem: reading.problem,
    beforeChange: (prepare) => void prepares.push(prepare),
    onChange: (listener) => void listeners.push(listener),
    change: (change) => inTurn(() => carryOut(change)),
    redeclare: (next) =>
      inTurn(() => carryOut((before) => withStored(next, before, outdated(next, fingerprints(initial))), next)),
    async start() {
      const stored = await reading.read(() => stopped)
      if (!stored) return
      const gone = outdated(initial, declared)
      const next = withStored(initial, stored, gone)
      await store.forget([...gone]).catch((error: unknown) => {
        log.warn({ err: error }, 'subscriptions that the lab file has changed stay stored')
      })
      const isNew = initial.subscriptions.some((entry) => declared[entry.consumer] !== asDeclared(entry))
      if (isNew || JSON.stringify(next) !== JSON.stringify(lab)) await take(next)
      loaded = true
      // A broker that is away is wired by its own watch.
      await declare(wiringOf(lab)).catch(() => undefined)
      await tell()
    },
    stop() {
      stopped = true
    },
  }
}

const fingerprints = ({ subscriptions }: DeclaredLab): Record<string, string> =>
  Object.fromEntries(subscriptions.map((entry) => [entry.consumer, asDeclared(entry)]))

/** Consumers of which the lab file says something else than before. */
const outdated = ({ subscriptions }: DeclaredLab, declared: Record<string, string>): Set<string> =>
  new Set(
    subscriptions
      .filter((entry) => Object.hasOwn(declared, entry.consumer) && declared[entry.consumer] !== asDeclared(entry))
      .map(({ consumer }) => consumer),
  )

const messageOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error))
