import type { EntryReader } from '../journal/entry-reader.ts'
import type { BodyReader } from '../journeys/journey-view.ts'

/** Reads bodies that are no longer in memory. */
export function createBodyReader(entries: EntryReader): BodyReader {
  return ({ id, publishSegment: segment, publishOffset: offset }) => {
    if (segment < 0) return undefined
    for (const report of entries.reports({ segment, offset }, id)) {
      if ('record' in report && report.record.kind === 'publish.attempted') return report.record.messages[0]?.body
    }
    return undefined
  }
}
