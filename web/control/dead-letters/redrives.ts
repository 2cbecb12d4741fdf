import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { z } from 'zod'
import {
  type DeadLetterItem,
  type Redrive,
  type RedriveInput,
  type Redriven,
  redrive,
} from '#contracts/api/dead-letter.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { newTraceparent } from '#contracts/events/envelope.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import type { DataValidator } from '../lab/data-validators.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'
import { ApiProblem, inputProblem } from '../problem/problem.ts'
import type { Gate } from '../publish/gate.ts'
import type { DeadLetterService } from './dead-letter-service.ts'
import { type DuplicateSources, mayDuplicate } from './may-duplicate.ts'
import { type EditTexts, editsOf } from './payload-edit.ts'
import type { RedriveHistory } from './redrive-history.ts'
import { type Fate, requestFor, runRedrive } from './redrive-run.ts'
import { choose, selectionOf } from './redrive-selection.ts'
import { wouldFail } from './would-fail.ts'

const kept = 20

export interface Redrives {
  /** Begins it, or says what it would do. Rejects with a problem where it cannot be done; then nothing has changed. */
  /** `texts` has the JSON of `payload` and `change` as the request has them, so that numbers are sent with their own digits. */
  start(input: RedriveInput, texts?: EditTexts): Promise<Redrive>
  /** Sends no more; resolves when what was on its way is settled. */
  stop(id: string): Promise<Redrive>
  get(id: string): Redrive
  /** Newest first. */
  list(): Redrive[]
  /** Redrives of one message, oldest first, as far as they are remembered. */
  ofMessage(messageId: string): Redriven[]
  /** Stops what runs. */
  close(): Promise<void>
}

export interface RedriveSources extends DuplicateSources {
  /** File that keeps them over restarts. */
  path: string
  /** Keeps which messages were redriven, for their journeys. */
  history: RedriveHistory
  letterService: DeadLetterService
  broker: () => BrokerName
  deadLetters: () => DeadLetters
  groups: () => readonly string[]
  eventType: (name: string) => EventTypeDefinition | undefined
  validator: (type: EventTypeDefinition) => DataValidator
  report(records: TelemetryRecord[]): void
  fate(messageId: string, group: string): Fate
  /** It is asked before one starts, and knows from then on what runs. */
  gate: Pick<Gate, 'refusal' | 'add'>
  log: Logger
  now?: () => number
}

/** One redrive at a time: two would take each other's dead letters from under their hands. */
export async function openRedrives(sources: RedriveSources): Promise<Redrives> {
  const { path, letterService, log, now = Date.now } = sources
  const before = (await readStateFile(path, z.array(redrive))) ?? []
  let all = before.map((one) => (isOver(one) ? one : interrupted(one, now())))
  let writing = Promise.resolve()
  let running: { id: string; stop: AbortController; ended: Promise<unknown> } | undefined

  function put(changed: Redrive): void {
    const isSameState = all.some(({ id, state }) => id === changed.id && state === changed.state)
    all = [changed, ...all.filter(({ id }) => id !== changed.id)].slice(0, kept)
    // Progress within a state is not worth a write: after a crash the dead letters themselves say what is left.
    if (!isSameState) save()
  }
  function save(): void {
    writing = writing
      .then(() => writeStateFile(path, all))
      .catch((error: unknown) =>
        log.warn({ err: error }, 'redrives could not be stored; a restart of web forgets them'),
      )
  }
  function get(id: string): Redrive {
    const found = all.find((one) => one.id === id)
    if (!found) throw new ApiProblem('unknown_redrive', `there is no redrive "${id.slice(0, 100)}"`)
    return found
  }
  async function stop(id: string): Promise<Redrive> {
    if (running?.id === get(id).id) {
      running.stop.abort()
      await running.ended
    }
    return get(id)
  }
  /** Ids of those that run or wait for their canary. */
  const underWay = (): string[] => all.flatMap((one) => (isOver(one) ? [] : [one.id]))
  sources.gate.add({
    inFlight: () => ({ redrives: underWay() }),
    async stop() {
      await Promise.all(underWay().map(stop))
    },
  })
  save()

  return {
    async start(input, texts = { payload: JSON.stringify(input.payload), change: JSON.stringify(input.change) }) {
      const selection = selectionOf(input, sources.groups())
      const { items } = await choose(letterService, selection)
      if (items.length === 0) throw new ApiProblem('nothing_to_redrive', nothing(input))
      const edits = await editsOf(input, texts, items, sources)
      refuseBlindCanary(input, items)
      const started: Redrive = {
        id: `redrive-${randomUUID()}`,
        state: input.dryRun ? 'dry_run' : 'running',
        broker: sources.broker(),
        selected: items.length,
        willRun: [...new Set(items.map(({ group }) => group))].sort(),
        selectedByGroup: countBy(items.map(({ group }) => group)),
        // An edit was checked against the schema already.
        wouldFail: input.payload === undefined && input.change === undefined ? await wouldFail(items, sources) : [],
        mayDuplicate: mayDuplicate(items, sources),
        ...{ redriven: 0, copied: 0, failed: 0, gone: 0, refailed: 0 },
        ...(input.ratePerSecond === undefined ? {} : { ratePerSecond: input.ratePerSecond }),
        ...(input.canary === undefined ? {} : { canary: input.canary }),
        startedAt: new Date(now()).toISOString(),
      }
      if (input.dryRun) return started
      const refused = sources.gate.refusal()
      if (refused !== undefined) throw new ApiProblem('broker_switching', refused)
      if (running) throw new ApiProblem('redrive_running', `${running.id} runs; stop it or wait until it has ended`)
      const abort = new AbortController()
      const ended = runRedrive(
        started,
        {
          ...sources,
          now,
          remember: sources.history.add,
          // What comes to the chosen ones meanwhile goes with them only if the change fits it.
          choose: async () => {
            const { items: found, more } = await choose(letterService, selection)
            const fits = await Promise.all(found.map(async (item) => (await edits(item)) !== undefined))
            return { items: found.filter((_, index) => fits[index]), more }
          },
          // A redrive begins a trace of its own: model.md, Telemetry.
          requestOf: async (item) => {
            const edit = await edits(item)
            return requestFor(item, {
              ...edit,
              headers: { ...(item.messageId ? { traceparent: newTraceparent() } : {}), ...edit?.headers },
            })
          },
          changed: put,
          sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
        },
        abort.signal,
      ).finally(() => {
        running = undefined
      })
      running = { id: started.id, stop: abort, ended }
      put(started)
      return started
    },
    stop,
    get,
    list: () => all,
    ofMessage: sources.history.of,
    async close() {
      running?.stop.abort()
      await running?.ended
      await writing
      await sources.history.flush()
    },
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const isOver = ({ state }: Redrive): boolean => state !== 'running' && state !== 'awaiting_canary'

const interrupted = (one: Redrive, at: number): Redrive => ({
  ...one,
  state: 'interrupted',
  endedAt: new Date(at).toISOString(),
  detail:
    'the control plane ended under it; what was not sent back is still among the dead letters, start it again for them',
})

function nothing({ ids, cause, group }: RedriveInput): string {
  if (ids) return 'none of these is among the dead letters any more; GET /api/dead-letters lists those that are'
  if (cause !== undefined) return `no dead letter has the cause "${cause}"; GET /api/dead-letters lists the causes`
  return group === undefined ? 'there are no dead letters' : `${group} has no dead letters`
}

function refuseBlindCanary({ canary }: RedriveInput, items: readonly DeadLetterItem[]): void {
  if (canary === undefined || items.some(({ messageId }) => messageId !== undefined)) return
  throw inputProblem('invalid_body', [
    {
      path: '/canary',
      message: 'needs a message with an identity to follow, and none of the chosen has one; leave it out',
    },
  ])
}
