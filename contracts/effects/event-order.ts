import { parseIdentity } from '../events/identity.ts'

/**
 * Where an event is among the events of one key. Two events are compared by `time`, then `epoch`, then `seq`, then `id`;
 * the later one is what the key's row says in the end, in whatever order the two were delivered.
 *
 * Events of one producer are ordered by its own count where its clock gave them the same time. Events of different producers have
 * no common count: where their times agree, the same comparison goes on with numbers that mean nothing to each other, and ends
 * with the whole identity, byte by byte. Which of the two wins says nothing about the world; that every replica picks the same one
 * is what makes all of them end with the same row. It is how Lamport makes a total order of clocks that agree: ties are broken by
 * an arbitrary order of the processes ("Time, Clocks, and the Ordering of Events in a Distributed System", 1978).
 */
export interface EventOrder {
  /** UTC with microseconds, `2026-01-02T03:04:05.678000Z`, so that text order is order in time; `-infinity` where the event has none. */
  time: string
  /** Of the producer; 0 if the id is not an identity of the lab. */
  epoch: number
  /** Within producer, epoch and topic; 0 if the id is not an identity of the lab. */
  seq: number
  id: string
}

const noTime = '-infinity'
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** The place of an event, by its id and its time as RFC 3339. A time that is not one, or not of the years 1 to 9999, counts as none. */
export function eventOrderOf({ id, time }: { id: string; time: string }): EventOrder {
  const identity = parseIdentity(id)
  return { time: microseconds(time), epoch: identity?.epoch ?? 0, seq: identity?.seq ?? 0, id }
}

/** Negative where `a` is the older event, positive if it is the newer one, 0 for one and the same. */
export function compareEventOrder(a: EventOrder, b: EventOrder): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1
  return a.epoch - b.epoch || a.seq - b.seq || compareBytes(a.id, b.id)
}

/** As `COLLATE "C"` does: by the bytes of UTF-8, which differs from JavaScript's order beyond U+FFFF. */
function compareBytes(a: string, b: string): number {
  if (a === b) return 0
  const encoder = new TextEncoder()
  const [left, right] = [encoder.encode(a), encoder.encode(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function microseconds(text: string): string {
  const match = rfc3339.exec(text)
  if (!match) return noTime
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = match
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1)
  const at = new Date(0)
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  at.setUTCHours(Number(hour), Number(minute) - offset, Number(second))
  const isYear = at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999
  return isYear ? `${at.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z` : noTime
}
