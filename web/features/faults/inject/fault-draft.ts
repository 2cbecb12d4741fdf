import type { NodeKind } from '#contracts/api/topology.ts'
import type { FaultCatalogueItem, FaultInput, FaultTarget } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'

/** A fault as it is being filled in. What is typed and is not a number stays as its text, so that it is answered with what is wrong. */
export interface FaultDraft {
  /** Which of the targets offered here. */
  offer: number
  /** Narrows a service to one of its event types; empty: all. */
  eventType: string
  params: Record<string, unknown>
  direction: string | undefined
  percent: number
  startsInS: unknown
  /** Absent: until it is healed. */
  lastsS: unknown
  /** Absent: drawn by the lab. */
  seed: unknown
}

/** A fault without a time of its own ends by itself all the same, so that nobody forgets it. */
const usualS = 30

/** A form of an item with its defaults. */
export function faultDraftOf(item: FaultCatalogueItem): FaultDraft {
  return {
    offer: 0,
    eventType: '',
    params: defaultsOf(item),
    direction: item.directions?.[0],
    percent: 100,
    startsInS: 0,
    lastsS: item.lasts === undefined ? usualS : undefined,
    seed: undefined,
  }
}

function defaultsOf({ params }: FaultCatalogueItem): Record<string, unknown> {
  const properties = (params.properties ?? {}) as Record<string, { default?: unknown }>
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, field.default]))
}

/**
 * Params that a target leaves no choice in: acknowledgements are lost and messages duplicated on the side that the worker
 * is on. They are not asked for.
 */
export function settledParams(
  { type }: Pick<FaultCatalogueItem, 'type'>,
  target: FaultTarget,
  kindOf: (service: string) => NodeKind | undefined,
): Record<string, unknown> {
  const service = target.service ?? target.link?.split('->')[0]
  if (service === undefined) return {}
  const side = definitionOf(type)?.side
  return side === undefined ? {} : { [side.param]: kindOf(service) === 'producer' ? 'produce' : 'consume' }
}

/** The body of `POST /api/faults`. `now` is the server's clock, epoch milliseconds. */
export function inputOf(
  item: FaultCatalogueItem,
  target: FaultTarget,
  draft: FaultDraft,
  settled: Record<string, unknown>,
  now: number,
): FaultInput {
  const { startsInS, lastsS, seed } = draft
  const startsIn = startsInS === undefined || startsInS === 0 ? undefined : startsInS
  // Times that are not a number go as they are: the server names the field and what it takes.
  const input: Record<keyof FaultInput, unknown> = {
    type: item.type,
    target: draft.eventType === '' ? target : { ...target, eventType: draft.eventType },
    direction: draft.direction,
    percent: item.percentOf === undefined ? undefined : draft.percent,
    params: { ...draft.params, ...settled },
    startAt: typeof startsIn === 'number' ? timeIn(now, startsIn) : startsIn,
    durationMs: typeof lastsS === 'number' ? Math.round(lastsS * 1_000) : lastsS,
    seed,
  }
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as FaultInput
}

/** A time beyond what a date can hold is left to the server to refuse. */
function timeIn(now: number, seconds: number): string {
  const date = new Date(now + seconds * 1_000)
  return Number.isNaN(date.getTime()) ? `in ${seconds} s` : date.toISOString()
}

/** The field of the form that an error of the server belongs to; undefined: none of them. */
export function formFieldOf(path: string): string | undefined {
  if (path.startsWith('/params/')) return path.slice('/params'.length)
  if (path === '/target/eventType') return '#eventType'
  if (path === '/target' || path.startsWith('/target/')) return '#target'
  const own: Record<string, string> = {
    '/direction': '#direction',
    '/percent': '#percent',
    '/startAt': '#startsIn',
    '/durationMs': '#lasts',
    '/seed': '#seed',
  }
  return own[path]
}
