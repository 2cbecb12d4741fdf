import type { EntryReader } from '../journal/entry-reader.ts'
import type { BodyReader } from '../journeys/journey-view.ts'

/** Reads bodies that are no longer in memory. */
export function createBodyReader(entries: EntryReader): BodyReader {
  return ({ id, publishSegment: segment, publishOffset: offset }) => {
    if (segment < 0) return undefined
    for (const telling of entries.tellings({ segment, offset }, id)) {
      if ('record' in telling && telling.record.kind === 'publish.attempted') return telling.record.messages[0]?.body
    }
    return undefined
  }
}
