import type { RowTable } from '../../events/event-type.ts'
import { type JsonValue, readJson } from './json-value.ts'

/** A published event, as telemetry has it: all that its effects may follow from. */
export interface PublishedEvent {
  id: string
  type: string
  /** The JSON text of its data, as it was published. */
  body: string
  /** Its type has the name of a built-in one and is another: it has the letter and the row of every other type. */
  isGeneric?: boolean
  /** The table that the lab file declares for a type that is not built in. */
  table?: RowTable | undefined
}

/** One way in which an effect says something else than its event. */
export interface Difference {
  /** Where: `table`, `users.name`, `order_items[2].sku`, `subject`, `html[4]`. */
  field: string
  /** What follows from the event, and what is in the store. Text for a person; `none` if there is nothing. */
  expected: string
  actual: string
}

/** The data of an event, with every digit. Throws if the body is not JSON. */
export const dataOf = (event: PublishedEvent): JsonValue => readJson(event.body)

/** Long values are cut where they are shown; what is compared is whole. */
const longest = 500

export function difference(field: string, expected: string | undefined, actual: string | undefined): Difference {
  return { field, expected: excerpt(expected), actual: excerpt(actual) }
}

const excerpt = (text = 'none'): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)
