import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Burst, BurstInput } from '#contracts/api/burst.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { exactValue } from '#contracts/events/exact-numbers.ts'
import { exampleText } from '#contracts/events/exact-texts.ts'
import type { AgentCommand } from '#contracts/protocols/agent.ts'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import type { CommandReply } from '#contracts/protocols/worker.ts'
import type { DataValidator } from '../lab/data-validators.ts'
import { AgentSilent, AgentUnavailable } from '../problem/agent-unavailable.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import { type LedgerTally, newBurst, requestedBy } from './burst-figures.ts'
import { createBurstSaver } from './burst-saver.ts'
import type { BurstStore } from './burst-store.ts'
import { createBurstTracker } from './burst-tracker.ts'
import type { Gate } from './gate.ts'
import { publishKey } from './publish-key.ts'

/** Bursts that run at once; messages of one; bursts that viewers are shown. */
export const burstBounds = { running: 4, requested: 10_000_000, shown: 20 } as const
const commandTimeoutMs = 5_000

export interface Bursts {
  /** `text` is the data as the request has it, where it has some: it is sent unchanged but for what varies. */
  start(input: BurstInput, text?: string): Promise<Burst>
  /** Ends it early; resolves with its last figures, or with those so far where the producer is slow to end it. */
  stop(id: string): Promise<Burst>
  get(id: string): Promise<Burst>
  /** Newest first. */
  list(limit: number): Promise<Burst[]>
  /** Running bursts and the last few that ended, newest first, from memory. */
  recent(): Burst[]
  takeProgress(progress: BurstProgressRecord): void
  /** Brings earlier bursts back, with the figures that came before it could; call once, when the database answers. */
  restore(): Promise<void>
  /** Looks for bursts whose producer is gone, and stores what could not be stored; call once a second. */
  watch(): void
}

export function createBursts(sources: {
  store: BurstStore
  /** The source that publishes events of a type, and every source of the lab. */
  publisherOf: (type: string) => string
  sources: () => readonly string[]
  find: (type: string) => EventTypeDefinition | undefined
  validator: (type: EventTypeDefinition) => DataValidator
  command: (service: string, command: AgentCommand, timeoutMs: number) => Promise<CommandReply>
  services: () => readonly ServiceStatus[]
  /** It is asked before one starts, and knows from then on what runs. */
  gate: Pick<Gate, 'refusal' | 'add'>
  /** What the ledger has of the messages of a burst. */
  tally?: (id: string) => LedgerTally | undefined
  /** Called with each burst that its producer ended, with its last figures. */
  onEnded?: (burst: Burst) => void
  log: Logger
  now?: () => number
}): Bursts {
  const { store, publisherOf, log, now = Date.now } = sources
  const { save, flush } = createBurstSaver(store, log)
  const tracker = createBurstTracker({
    shown: burstBounds.shown,
    now,
    onEnd(burst) {
      save(burst)
      if (burst.state !== 'interrupted') sources.onEnded?.(burst)
    },
    ...(sources.tally ? { tally: sources.tally } : {}),
  })

  const pidsOf = (names: readonly string[]): Set<number> =>
    new Set(
      sources
        .services()
        .filter(({ name, connected }) => names.includes(name) && connected)
        .flatMap(({ replicas }) => replicas.flatMap(({ pid }) => pid ?? [])),
    )
  const producerPids = (): Set<number> => pidsOf(sources.sources())
  const command = async (eventType: string, body: AgentCommand['command']): Promise<void> => {
    const reply = await sources
      .command(publisherOf(eventType), { command: body }, commandTimeoutMs)
      .catch((error: unknown) => {
        if (error instanceof AgentSilent) throw new UnansweredCommand(error.message)
        if (error instanceof AgentUnavailable) throw new ApiProblem('producer_down', error.message)
        throw error
      })
    if (reply.ok) return
    const { type, message } = reply.error
    if (type === 'WorkerGone' || type === 'CommandTimeout') throw new UnansweredCommand(message)
    throw new ApiProblem('producer_down', `the producer refused: ${message}`)
  }
  const find = async (id: string): Promise<Burst> => {
    const found = tracker.find(id) ?? (await fromDatabase(() => store.find(id)))
    if (!found) throw new ApiProblem('unknown_burst', `there is no burst "${id.slice(0, 100)}"`)
    return found
  }

  /** Asks every running burst to end, and does not wait for it. */
  const stopAll = async (): Promise<void> => {
    await Promise.all(
      tracker.running().map(({ id, type }) =>
        command(type, { kind: 'burst.stop', burstId: id }).catch((error: unknown) => {
          log.warn({ err: error }, `${id} could not be stopped; it ends by itself or with its producer`)
        }),
      ),
    )
  }
  sources.gate.add({
    inFlight: (type) => ({
      bursts: tracker.running().flatMap((burst) => (type === undefined || burst.type === type ? [burst.id] : [])),
    }),
    stop: stopAll,
  })

  return {
    async start(input, text) {
      const type = sources.find(input.type)
      if (!type) throw new ApiProblem('unknown_event_type', `there is no event type "${input.type}"`)
      if (requestedBy(input) > burstBounds.requested) {
        const message = `asks for ${requestedBy(input)} messages; at most ${burstBounds.requested}`
        throw inputProblem('invalid_body', [{ path: '/durationMs', message }])
      }
      const data = input.data ?? type.example
      const contents = text ?? exampleText(type)
      const errors = await sources.validator(type)(exactValue(data, contents))
      if (errors.length > 0) {
        throw inputProblem(
          'schema_violation',
          errors.map(({ path, message }) => ({ path: `/data${path}`, message })),
        )
      }
      publishKey(type, { data }, contents)
      const refused = sources.gate.refusal()
      if (refused !== undefined) throw new ApiProblem('broker_switching', refused)
      if (tracker.running().length >= burstBounds.running) {
        throw new ApiProblem('burst_running', `${burstBounds.running} bursts run, which is the most; stop one or wait`)
      }
      const burst = newBurst(`burst-${randomUUID()}`, input, new Date(now()))
      tracker.begin(burst, pidsOf([publisherOf(type.name)]))
      try {
        const { topic, version, keyField, schema } = type
        const { count, durationMs, ratePerSecond, keys } = input
        const plan = {
          burstId: burst.id,
          type: type.name,
          topic,
          version,
          keyField,
          schema,
          data: contents,
          count,
          durationMs,
          ratePerSecond,
          keys,
        }
        await command(type.name, { kind: 'burst.start', plan })
      } catch (error) {
        if (!(error instanceof UnansweredCommand)) {
          tracker.forget(burst.id)
          throw error
        }
        // It may run: its figures tell, or their absence makes it interrupted.
        log.warn(`nobody answered the start of ${burst.id}: ${error.message}`)
      }
      save(tracker.find(burst.id) ?? burst, { ...input, data: contents })
      return burst
    },
    async stop(id) {
      const found = await find(id)
      if (found.state !== 'running') return found
      const end = tracker.untilEnded(id)
      await command(found.type, { kind: 'burst.stop', burstId: id }).catch((error: unknown) => {
        if (error instanceof UnansweredCommand) throw new ApiProblem('producer_down', `${error.message}; try again`)
        throw error
      })
      await Promise.race([end, new Promise<void>((resolve) => setTimeout(resolve, commandTimeoutMs).unref())])
      return find(id)
    },
    get: find,
    async list(limit) {
      const stored = await fromDatabase(() => store.latest(limit))
      const fresh = tracker.recent()
      const known = new Set(fresh.map(({ id }) => id))
      return [...fresh, ...stored.filter(({ id }) => !known.has(id))]
        .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
        .slice(0, limit)
    },
    recent: tracker.recent,
    takeProgress: tracker.takeProgress,
    async restore() {
      tracker.restore(await store.latest(burstBounds.shown), producerPids())
    },
    watch() {
      flush()
      tracker.interruptSilent(producerPids())
    },
  }
}

/** The producer had received the command and never answered. */
class UnansweredCommand extends Error {}

async function fromDatabase<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw new ApiProblem('database_down', error instanceof Error ? error.message : String(error))
  }
}
