import type { BodyReader } from '../traces/journey-view.ts'
import type { EntryReader } from './entry-reader.ts'

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
