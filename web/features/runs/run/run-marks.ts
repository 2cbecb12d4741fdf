import type { Run, RunFault, RunPhase } from '#contracts/api/run.ts'
import { faultStory, faultTargetWords } from '#contracts/scenario-run/fault-story.ts'
import type { TimeMarks } from '../../charts/time-marks.ts'
import { durationWords, rate } from '../../words/figures.ts'

/** A phase on the time axis of its run, in milliseconds into it. */
export interface PhaseBar {
  name: string
  from: number
  to: number
  /** `ahead`: where it will be, as far as that is known. */
  state: 'past' | 'now' | 'ahead'
  /** What it sends, or what it waits for. */
  words: string
}

/** Phases in their order: those that have begun where they were, the others where the plan puts them. */
export function phaseBars({ phases, elapsedMs }: Pick<Run, 'phases' | 'elapsedMs'>): PhaseBar[] {
  let end = 0
  return phases.map((phase) => {
    const { name, beganAt, endedAt, durationMs = 0 } = phase
    const from = beganAt ?? Math.max(end, elapsedMs)
    const to = endedAt ?? Math.max(from + durationMs, beganAt === undefined ? from : elapsedMs)
    end = to
    const state = beganAt === undefined ? 'ahead' : endedAt === undefined ? 'now' : 'past'
    return { name, from, to, state, words: phaseWords(phase) }
  })
}

function phaseWords({ arrivals, durationMs, until = 'drained', beganAt, endedAt }: RunPhase): string {
  if (durationMs === undefined) {
    const took = beganAt === undefined || endedAt === undefined ? '' : `, ${durationWords(endedAt - beganAt)}`
    return `until ${until}${took}`
  }
  return arrivals === 0 ? 'pause' : `${rate(arrivals / (durationMs / 1_000)).replace(/\.0$/, '')}/s`
}

/** Length of the time axis: what has passed, and what is planned with a fixed length. */
export const axisEnd = (run: Pick<Run, 'phases' | 'elapsedMs'>): number =>
  Math.max(1_000, run.elapsedMs, ...phaseBars(run).map(({ to }) => to))

/** A fault on the time axis; undefined: it has not begun. */
export const faultFrom = ({ observedAt, injectedAt }: RunFault): number | undefined => observedAt ?? injectedAt

/** `process.kill on consumer-db`. */
export const runFaultName = (fault: RunFault): string =>
  `${fault.type} on ${faultTargetWords(fault).replace('->', ' → ')}`

/** `process.kill on consumer-db: took effect at 10.0s, healed at 13.0s`. */
export const faultSentence = (fault: RunFault): string => `${runFaultName(fault)}: ${faultStory(fault)}`

/** Faults as bands and the begins of phases as lines through the charts of a run. */
export function runMarks(run: Pick<Run, 'faults' | 'phases'>): TimeMarks {
  return {
    ticks: [],
    bands: run.faults.flatMap((fault) => {
      const from = faultFrom(fault)
      if (from === undefined) return []
      const to = fault.healedAt === undefined ? {} : { to: fault.healedAt }
      return [{ id: fault.id, label: runFaultName(fault), from, ...to, observed: fault.observedAt !== undefined }]
    }),
    edges: run.phases.flatMap(({ name, beganAt }) => (beganAt === undefined ? [] : [{ at: beganAt, label: name }])),
  }
}
