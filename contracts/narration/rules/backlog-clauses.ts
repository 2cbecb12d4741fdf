import type { Clause } from '../../api/narration.ts'
import type { LineOf } from '../../scenario-run/journal-line.ts'
import { between, countWords, listWords, time, words } from '../evidenced-text.ts'
import { type EvidencedText, say } from '../say.ts'
import { evidenceOf, faultsIn, type NumberedLine, type Story } from '../story.ts'

/** Backlogs of a group that are narrated: the largest, and of those under `least` none. */
const most = 2
const least = 20

/** What piled up in each group, which faults were in effect meanwhile, and when it was worked off. */
export function backlogClauses(story: Story): Clause[] {
  const backlogs = story.all('backlog').filter(({ line }) => line.peak >= least)
  return [...new Set(backlogs.map(({ line }) => line.group))].flatMap((of) =>
    backlogs
      .filter(({ line }) => line.group === of)
      .sort((a, b) => b.line.peak - a.line.peak)
      .slice(0, most)
      .flatMap((entry) => [grew(story, entry), workedOff(story, entry)]),
  )
}

function grew(story: Story, entry: NumberedLine<LineOf<'backlog'>>): Clause {
  const { group, beganAt, peak, peakAt } = entry.line
  const sample = evidenceOf(entry, 'sample', `lag of ${group}`)
  const [name, grown] = [words(sample, group), countWords(sample, peak)]
  const span = between(sample, beganAt, sample, peakAt)
  const [fault, ...others] = faultsIn(story, group, beganAt, peakAt).map(
    (one): EvidencedText => ({
      text: one.id,
      from: [story.faultSeen(one), ...words(story.faultSeen(one), one.id).from],
    }),
  )
  if (!fault) return say({ t: peakAt })`**The lag of ${name} grew to ${grown}** in ${span}.`
  return say({
    t: peakAt,
  })`**The lag of ${name} grew to ${grown}** in ${span}, in the time of ${listWords(fault, ...others)}.`
}

function workedOff(story: Story, entry: NumberedLine<LineOf<'backlog'>>): Clause {
  const { group, beganAt, drainedAt, left = 0 } = entry.line
  const sample = evidenceOf(entry, 'sample', `lag of ${group}`)
  const name = words(sample, group)
  if (drainedAt === undefined) return say({ t: story.run.elapsedMs })`**${name} had not caught up** when the run ended.`
  const down = countWords(sample, left)
  const last = faultsIn(story, group, beganAt, drainedAt)
    .filter(({ healedAt = drainedAt }) => healedAt < drainedAt)
    .sort((a, b) => (a.healedAt ?? 0) - (b.healedAt ?? 0))
    .at(-1)
  if (last?.healedAt === undefined)
    return say({ t: drainedAt })`**${name} had caught up** at ${time(sample, drainedAt)}: lag ${down}.`
  const ended = story.faultEnded(last)
  const after = between(ended, last.healedAt, sample, drainedAt)
  return say({
    t: drainedAt,
  })`**${name} had caught up** ${after} after the end of ${words(ended, last.id)}: lag ${down}.`
}
