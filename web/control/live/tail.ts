import type { MessageRow } from '#contracts/api/journey.ts'
import { tailRowsPerFrame } from '#contracts/api/live.ts'
import { rowView } from '../journeys/journey-view.ts'
import type { OrderLog } from '../journeys/order-log.ts'
import { publishedOf } from '../journeys/packed-journey.ts'
import { type CompiledFilter, compileFilter, type JourneyFilter } from '../journeys/search.ts'

/** New journeys that one frame looks at; what came before them is skipped. */
export const examinedPerFrame = 2_000

/** One viewer's live tail: what was published since its last frame and passes its filter, oldest first. */
export class Tail {
  readonly #filter: CompiledFilter
  #next: number

  /** Begins with what is published from now on. */
  constructor(filter: JourneyFilter, order: OrderLog) {
    this.#filter = compileFilter(filter)
    this.#next = order.next
  }

  /** `passedOver` counts what was not sent for lack of room: it passed the filter, or was not looked at. */
  take(order: OrderLog): { rows: MessageRow[]; skipped: number } | undefined {
    if (order.next === this.#next) return undefined
    const from = Math.max(this.#next, order.next - examinedPerFrame)
    const rows: MessageRow[] = []
    let skipped = from - this.#next
    for (let number = order.next - 1; number >= from; number -= 1) {
      const entry = order.at(number)
      if (!entry || !this.#filter.passes(entry)) continue
      // A packed one is not read to be counted.
      if (rows.length >= tailRowsPerFrame && !this.#filter.hasToRead) {
        skipped += 1
        continue
      }
      if (this.#filter.hasToRead && !this.#filter.meets(publishedOf(entry))) continue
      if (rows.length < tailRowsPerFrame) rows.push(rowView(entry))
      else skipped += 1
    }
    this.#next = order.next
    return { rows: rows.reverse(), skipped }
  }
}
