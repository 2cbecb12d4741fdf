import { keptSettled } from '#web/control/journeys/trace-store.ts'
import type { Life } from './sampler.ts'
import { type Reading, type Trend, trendOf } from './trend.ts'

/** A row of the table at the end. `problem` only if it fails the soak. */
export interface SoakRow {
  what: string
  trend: Trend | undefined
  problem?: string
}

const megabyte = 1_000_000

/** A heap may be this much larger at the end without a leak being said: megabytes, and a share of what it was. */
const heapRoom = { megabytes: 24, share: 0.2 }
const descriptorRoom = 8

/** Bytes of memory of each message, for those that keep the newest messages: they grow until they have as many as they keep. */
const keptBytes: Record<string, number> = { web: 4_000 }

/** Bytes on disk of each message, and how many messages of which they are kept. Other folders keep no message. */
const diskBytes: Record<string, { bytes: number; messages: number }> = {
  // A row, its items, its inbox line and a mail, with their indexes: kept for good.
  postgres: { bytes: 12_000, messages: Number.POSITIVE_INFINITY },
  telemetry: { bytes: 8_000, messages: keptSettled },
  history: { bytes: 2_000, messages: Number.POSITIVE_INFINITY },
  // Lines about faults and retries; a log is not written over.
  logs: { bytes: 1_000, messages: Number.POSITIVE_INFINITY },
}
/** Segments, checkpoints and logs are written and removed in pieces of this order. */
const diskRoom = 96 * megabyte
/** PostgreSQL keeps up to `max_wal_size` of it. */
const writeAheadRoom = 1_200 * megabyte

/** What went through the lab, and when. */
export interface SoakLoad {
  startedAt: number
  ratePerSecond: number
}

/** Messages of the stretch that a trend was watched, of those that are kept of the first `most`. */
function keptMessages(trend: Trend, readings: readonly Reading[], load: SoakLoad, most: number): number {
  const end = readings.at(-1)?.at ?? load.startedAt
  const before = ((end - trend.watchedMs - load.startedAt) / 1_000) * load.ratePerSecond
  const after = ((end - load.startedAt) / 1_000) * load.ratePerSecond
  return Math.min(after, most) - Math.min(before, most)
}

/**
 * Of each named process the longest life, since a fault that kills it frees what it leaked: memory and descriptors, each with its line.
 * A leak is growth past what is allowed for garbage and for what a process is meant to keep.
 */
export function judgeProcesses(lives: readonly Life[], load: SoakLoad): SoakRow[] {
  const longest = new Map<string, Life>()
  for (const life of lives) {
    const other = longest.get(life.name)
    if (other === undefined || life.memory.length > other.memory.length) longest.set(life.name, life)
  }
  return [...longest.values()].flatMap(({ name, memory, descriptors }) => {
    const [heap, open] = [trendOf(memory), trendOf(descriptors)]
    const kept = heap ? (keptMessages(heap, memory, load, keptSettled) * (keptBytes[name] ?? 0)) / megabyte : 0
    const allowed = heap ? Math.max(heapRoom.megabytes, heap.from * heapRoom.share) + kept : 0
    const lasting = heap !== undefined && heap.growth > allowed
    const openLeak = open !== undefined && open.growth > descriptorRoom
    return [
      {
        ...{ what: `${name}, MB`, trend: heap },
        ...(lasting
          ? { problem: `${name} grew by ${Math.round(heap.growth)} MB; ${Math.round(allowed)} are allowed` }
          : {}),
      },
      {
        ...{ what: `${name}, descriptors`, trend: open },
        ...(openLeak ? { problem: `${name} has ${Math.round(open.growth)} more descriptors open` } : {}),
      },
    ]
  })
}

/** What a soak is about: without a trend of one of each it says nothing, and does not pass. */
const watched: Record<string, RegExp> = {
  ...{ web: /^web$/, postgres: /^postgres$/, producer: /^producer-\d+$/ },
  ...{ 'consumer-email': /^consumer-email-\d+$/, 'consumer-db': /^consumer-db-\d+$/ },
}

/** A problem for each of them of which no life was seen, or none long enough for a line through it. */
export function unwatched(lives: readonly Life[]): string[] {
  return Object.entries(watched).flatMap(([what, name]) => {
    const own = lives.filter((life) => name.test(life.name))
    if (own.length === 0) return [`${what} was never seen`]
    return own.some(({ memory }) => trendOf(memory) !== undefined) ? [] : [`${what} was not watched long enough`]
  })
}

/** The folders of the data folder, in megabytes. */
export function judgeDisk(disk: ReadonlyMap<string, Reading[]>, load: SoakLoad): SoakRow[] {
  return [...disk].map(([folder, readings]) => {
    const trend = trendOf(readings.map(({ at, value }) => ({ at, value: value / megabyte })))
    if (trend === undefined) return { what: `disk ${folder}, MB`, trend }
    const { bytes, messages } = diskBytes[folder] ?? { bytes: 0, messages: 0 }
    const room = folder === 'postgres/pg_wal' ? writeAheadRoom : diskRoom
    const allowed = (room + keptMessages(trend, readings, load, messages) * bytes) / megabyte
    const tooMuch = trend.growth > allowed
    return {
      ...{ what: `disk ${folder}, MB`, trend },
      ...(tooMuch
        ? { problem: `${folder} grew by ${Math.round(trend.growth)} MB; ${Math.round(allowed)} are allowed` }
        : {}),
    }
  })
}
