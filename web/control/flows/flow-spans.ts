import type { Journey } from '#contracts/api/journey.ts'

/** Spans of programs that are answered with one flow, over all its messages; those of its first ones. */
const spansShown = 2_000

/** The journeys with so many spans at most; what is beyond is counted as left out. */
export function boundSpans(journeys: readonly Journey[], most = spansShown): Journey[] {
  let left = most
  return journeys.map((journey) => {
    let cut = 0
    const obligations = journey.obligations.map((obligation) => ({
      ...obligation,
      attempts: obligation.attempts.map((attempt) => {
        const { spans, ...bare } = attempt
        if (spans === undefined) return attempt
        const kept = spans.slice(0, left)
        left -= kept.length
        cut += spans.length - kept.length
        return kept.length === 0 ? bare : { ...bare, spans: kept }
      }),
    }))
    return cut === 0 ? journey : { ...journey, obligations, spansLeftOut: (journey.spansLeftOut ?? 0) + cut }
  })
}
