import type { JournalPlace } from './place.ts'

/**
 * The journal entries that speak of a journey, from the last one back to the first. Never changed, so that journeys of
 * one batch, which the same entries speak of, share the list.
 */
export interface ReportList extends JournalPlace {
  readonly before: ReportList | undefined
  /** Entries in it. */
  readonly length: number
}

/** Makes such lists, and makes one for journeys that come one after the other and are reported alike. */
export class ReportLists {
  #last: ReportList | undefined

  after(before: ReportList | undefined, { segment, offset }: JournalPlace): ReportList {
    const last = this.#last
    if (last && last.before === before && last.segment === segment && last.offset === offset) return last
    const reported = { before, segment, offset, length: (before?.length ?? 0) + 1 }
    this.#last = reported
    return reported
  }
}

/** The entries, the first one first. */
export function placesOf(reported: ReportList | undefined): JournalPlace[] {
  const places: JournalPlace[] = []
  for (let place = reported; place; place = place.before) places.push(place)
  return places.reverse()
}

/** The entries as numbers, segment and offset of each, the first one first. */
export const numbersOf = (reported: ReportList | undefined): number[] =>
  placesOf(reported).flatMap(({ segment, offset }) => [segment, offset])

/** The list of the entries numbered `from` to `end` (exclusive) in such numbers; undefined if there is none. */
export function listOf(
  numbers: ArrayLike<number>,
  lists = new ReportLists(),
  [from, end] = [0, numbers.length / 2],
): ReportList | undefined {
  let reported: ReportList | undefined
  for (let index = from; index < end; index += 1) {
    reported = lists.after(reported, { segment: numbers[index * 2] ?? 0, offset: numbers[index * 2 + 1] ?? 0 })
  }
  return reported
}

/** Segments that the entries are in, each once. */
export function* segmentsOf(reported: ReportList | undefined): Generator<number> {
  for (let place = reported; place; place = place.before) {
    if (place.before?.segment !== place.segment) yield place.segment
  }
}
