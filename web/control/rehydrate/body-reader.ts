import type { EntryReader } from '../journal/entry-reader.ts'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import type { BodyReader } from '../journeys/journey-view.ts'
import { placesOf } from '../journeys/report-list.ts'

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

/** Reads how often a message was sent back from the dead letters of a group, and what was sent in place of its body. */
export function createResentReader(entries: EntryReader) {
  return ({ id, reported }: Pick<JourneyRecord, 'id' | 'reported'>, group: string) => {
    const resent = { times: 0, bodies: [] as string[] }
    for (const place of placesOf(reported)) {
      for (const report of entries.reports(place, id)) {
        if (!('record' in report) || report.record.kind !== 'delivery.redriven') continue
        const { record } = report
        if (record.group !== group || record.phase !== 'sending') continue
        resent.times += 1
        if (record.body !== undefined) resent.bodies.push(record.body)
      }
    }
    return resent
  }
}
