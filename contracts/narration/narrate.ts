import type { Clause } from '../api/narration.ts'
import type { JournalLine } from '../scenario-run/journal-line.ts'
import { backlogClauses } from './rules/backlog-clauses.ts'
import { assignmentClauses, stepClauses } from './rules/change-clauses.ts'
import { faultClauses } from './rules/fault-clauses.ts'
import { anomalyClauses, deadLetterClauses, retryClauses, suppressedClauses } from './rules/message-clauses.ts'
import { phaseClauses } from './rules/phase-clauses.ts'
import { handClauses, processClauses } from './rules/process-clauses.ts'
import { checkClauses, cutClauses, publishClauses, verdictClauses } from './rules/verdict-clauses.ts'
import { type Story, storyOf } from './story.ts'

/** Clauses of one run; what comes after them in a rule is left out, the verdict never. */
const most = 60

/** Of what happened at the same time, causes come first. */
const rules: readonly ((story: Story) => Clause[])[] = [
  phaseClauses,
  faultClauses,
  stepClauses,
  processClauses,
  handClauses,
  assignmentClauses,
  retryClauses,
  deadLetterClauses,
  backlogClauses,
  suppressedClauses,
  anomalyClauses,
  checkClauses,
  publishClauses,
  cutClauses,
]

/**
 * What happened in a run, in sentences that each name their evidence: rules over the lines of its journal, so the same lines give the same
 * sentences anywhere. In the order of time; of what the lines do not show, nothing is said. A run that goes on is narrated up to now.
 */
export function narrate(lines: readonly JournalLine[]): Clause[] {
  const story = storyOf(lines)
  if (!story) return []
  const clauses = rules.flatMap((rule) => rule(story)).slice(0, most)
  return [...clauses.sort((a, b) => tenths(a) - tenths(b)), ...verdictClauses(story)]
}

/** The clocks of two processes agree no better, and a reader sees no more. */
const tenths = ({ t }: Clause): number => Math.round(t / 100)
