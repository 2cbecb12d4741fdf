/** Where a record is in the journal. */
export interface JournalPlace {
  segment: number
  /** Of its frame within the segment. */
  offset: number
}
