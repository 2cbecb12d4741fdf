/** Where a record stands in the journal. */
export interface JournalPlace {
  segment: number
  /** Of its frame within the segment. */
  offset: number
}
