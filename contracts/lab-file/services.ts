import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { RetryPolicy } from '../brokers/retry-policy.ts'
import { type BuiltinWorker, builtinWorkers } from '../builtin-workers.ts'
import type { EffectKind } from '../effects/effect-kind.ts'
import type { EventTypeDefinition } from '../events/event-type.ts'
import type { ServiceBody, ServiceDeclaration } from '../lab-declaration.ts'
import type { ProgramInput, RetryInput, ServiceInput, SimulateInput } from './input.ts'
import { millisecondsOf, shareOf, wholeMillisecondsOf } from './quantities.ts'

const readyWithinMs = 10_000
const defaultConcurrency = 4
const defaultWorkMs = 10

export interface ServiceSurroundings {
  /** Event types of the lab by name. */
  events: ReadonlyMap<string, EventTypeDefinition>
  folder: string
  /** What the lab says for simulated services that do not say it themselves. Default: own. */
  processes: 'own' | 'shared' | undefined
}

/** A service as declared. `events` are those of the lab; paths are relative to `folder`. The input has kept every rule. */
export function serviceOf(
  name: string,
  input: ServiceInput,
  { events, folder, processes }: ServiceSurroundings,
): ServiceDeclaration {
  const receives = [...new Set(input.receives ?? [])]
  const sends = [...new Set(input.sends ?? [])]
  const { sql, http } = input.effect ?? {}
  const check = sql === undefined ? (http === undefined ? undefined : { http }) : { sql }
  return {
    ...{ name, replicas: input.replicas ?? 1, receives, sends },
    body: bodyOf(name, input, { events, folder, processes }),
    idempotent: input.idempotent ?? input.builtin === 'database',
    ...(input.retry === undefined ? {} : { retry: retryOf(input.retry) }),
    concurrency: input.concurrency ?? defaultConcurrency,
    ...(check === undefined ? {} : { check }),
  }
}

function bodyOf(name: string, input: ServiceInput, { events, folder, processes }: ServiceSurroundings): ServiceBody {
  if (input.builtin !== undefined) return builtinOf(input.builtin, input, events)
  if (input.run !== undefined) return programOf(input.run, folder)
  if (input.url !== undefined) return { kind: 'url', url: input.url }
  if (input.simulate !== undefined) return simulatedOf(name, input, input.simulate, { events, processes })
  return { kind: 'source' }
}

function builtinOf(
  worker: BuiltinWorker,
  { receives = [], sends = [] }: ServiceInput,
  events: ServiceSurroundings['events'],
): ServiceBody {
  const { effect }: { effect: EffectKind | undefined } = builtinWorkers[worker]
  if (effect === undefined) return { kind: 'builtin', worker }
  if (sends.length === 0) return { kind: 'builtin', worker, effect }
  const dataOf = (type: string) => carriedOver(receives, events.get(type)?.example ?? {}, events)
  return { kind: 'builtin', worker, effect, sends: Object.fromEntries(sends.map((type) => [type, dataOf(type)])) }
}

function programOf(
  { command, directory = '.', env = {}, ready, readyWithin }: ProgramInput,
  folder: string,
): ServiceBody {
  return {
    kind: 'program',
    command,
    directory: resolve(folder, directory),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])),
    ...(ready === undefined ? {} : { ready }),
    readyWithinMs: readyWithin === undefined ? readyWithinMs : wholeMillisecondsOf(readyWithin),
  }
}

function simulatedOf(
  name: string,
  { receives = [], sends = [] }: ServiceInput,
  given: SimulateInput,
  { events, processes }: Pick<ServiceSurroundings, 'events' | 'processes'>,
): ServiceBody {
  const { p50, p99, fixed } = given.work ?? {}
  const { share, error = 'SimulatedFailure' } =
    given.fails === undefined || typeof given.fails === 'string' ? { share: given.fails } : given.fails
  return {
    kind: 'simulated',
    work:
      p50 !== undefined && p99 !== undefined
        ? { p50Ms: millisecondsOf(p50), p99Ms: millisecondsOf(p99) }
        : { fixedMs: fixed === undefined ? defaultWorkMs : millisecondsOf(fixed) },
    fails: { share: share === undefined ? 0 : shareOf(share), errorType: error },
    sends: Object.fromEntries(
      sends.map((type) => {
        const { chance, delay, data } = given.sends?.[type] ?? {}
        return [
          type,
          {
            chance: chance === undefined ? 1 : shareOf(chance),
            delayMs: delay === undefined ? 0 : wholeMillisecondsOf(delay),
            data: data ?? carriedOver(receives, events.get(type)?.example ?? {}, events),
          },
        ]
      }),
    ),
    seed: given.seed ?? seedOf(name),
    ...((given.processes ?? processes) === 'shared' ? { shared: true as const } : {}),
  }
}

/** The example of what is sent; its texts that every received event has under the same name are taken from that event. */
function carriedOver(
  receives: readonly string[],
  example: Record<string, unknown>,
  events: ReadonlyMap<string, EventTypeDefinition>,
): Record<string, unknown> {
  const sources = receives.map((type) => events.get(type)?.example ?? {})
  const isCarried = (key: string): boolean =>
    typeof example[key] === 'string' &&
    sources.length > 0 &&
    sources.every((source) => Object.hasOwn(source, key) && typeof source[key] === 'string')
  return Object.fromEntries(
    Object.entries(example).map(([key, value]) => [key, isCarried(key) ? `{{data.${key}}}` : value]),
  )
}

/** FNV-1a of the name: the same at each start, another for each service. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0
  return hash
}

function retryOf({ initialInterval, maximumInterval, attemptTimeout, ...same }: RetryInput): Partial<RetryPolicy> {
  return {
    ...same,
    ...(initialInterval === undefined ? {} : { initialIntervalMs: wholeMillisecondsOf(initialInterval) }),
    ...(maximumInterval === undefined ? {} : { maximumIntervalMs: wholeMillisecondsOf(maximumInterval) }),
    ...(attemptTimeout === undefined ? {} : { attemptTimeoutMs: wholeMillisecondsOf(attemptTimeout) }),
  }
}

/** Why a program cannot run in its folder; undefined if it can. */
export async function directoryProblem(directory: string, folder: string): Promise<string | undefined> {
  try {
    return (await stat(resolve(folder, directory))).isDirectory() ? undefined : 'is not a folder'
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'is not there'
    return code === 'ELOOP' ? 'is a link that leads to itself' : `cannot be used: ${message}`
  }
}
