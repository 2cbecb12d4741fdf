import { type ComparedFigure, peakOf } from './compared-figures.ts'
import {
  type ComparedSide,
  differs,
  type Finding,
  type FindingEvidence,
  lastLineOf,
  leastMessages,
  leastMs,
  letter,
  type Pair,
  sides,
} from './finding.ts'
import { msInWords } from './time-words.ts'

/** A group that took longer, with the most that waited for it in each. */
export function slower(pair: Pair, group: string, figures: readonly ComparedFigure[]): Finding[] {
  const of = (name: string): ComparedFigure | undefined => figures.find((figure) => figure.name === `${name} ${group}`)
  const p99 = of('delivery.latency.p99')
  if (!p99 || p99.a === null || p99.b === null || !differs(p99.a, p99.b, leastMs)) return []
  const side: ComparedSide = p99.b > p99.a ? 'b' : 'a'
  const evidence = sides.flatMap((one): FindingEvidence[] => {
    const peak = peakOf(pair[one].lines, group, 'lag')
    return peak ? [{ side: one, line: peak.line, at: peak.at, kind: 'sample', text: `lag ${peak.value}` }] : []
  })
  const by = msInWords(Math.abs(p99.b - p99.a))
  return [
    {
      claim: `${letter(side)} took ${by} longer for the slowest of ${group}.`,
      detail: `p99 ${msInWords(p99.a)} in A, ${msInWords(p99.b)} in B. ${causeOf(pair, group, side)}`,
      figures: [`delivery.latency.p99 ${group}`, `delivery.latency.p50 ${group}`, `consumer.lag.peak ${group}`],
      evidence,
    },
  ]
}

/** What the lines of the slower run have more of than those of the other. */
function causeOf(pair: Pair, group: string, slow: ComparedSide): string {
  const fast: ComparedSide = slow === 'a' ? 'b' : 'a'
  const more = (count: 'lag' | 'retrying'): readonly [number, number] | undefined => {
    const [mine, other] = [
      peakOf(pair[slow].lines, group, count)?.value ?? 0,
      peakOf(pair[fast].lines, group, count)?.value ?? 0,
    ]
    return mine > other && differs(mine, other, leastMessages) ? [mine, other] : undefined
  }
  const retrying = more('retrying')
  if (retrying)
    return `More were being retried at once: ${retrying[0]} in ${letter(slow)}, ${retrying[1]} in ${letter(fast)}.`
  const lag = more('lag')
  if (lag) return `More waited at the peak: ${lag[0]} in ${letter(slow)}, ${lag[1]} in ${letter(fast)}.`
  return 'As many waited at the peak; the journals name no other cause.'
}

/** Messages that one of the two gave up. */
export function givenUpFindings(pair: Pair, group: string): Finding[] {
  const dead = (side: ComparedSide): number => pair[side].run.sample?.groups[group]?.deadLettered ?? 0
  const [a, b] = [dead('a'), dead('b')]
  if (a === b) return []
  return [
    {
      claim: `${group} gave up ${Math.abs(b - a)} more in ${b > a ? 'B' : 'A'}.`,
      detail: `Dead letters: A ${a}, B ${b}.`,
      figures: [`consumer.dead_lettered ${group}`, `consumer.delivered ${group}`],
      evidence: sides.flatMap((side) =>
        lastLineOf(
          side,
          pair[side],
          (line) => line.kind === 'sample',
          () => `dead letters ${dead(side)}`,
        ),
      ),
    },
  ]
}
