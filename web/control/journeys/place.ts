/** Where a record stands in the journal. */
export interface Place {
  segment: number
  /** Of its frame within the segment. */
  offset: number
}
