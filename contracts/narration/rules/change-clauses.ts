import type { Clause, Evidence } from '../../api/narration.ts'
import { listWords, numbered, words } from '../evidenced-text.ts'
import { type EvidencedText, say } from '../say.ts'
import { evidenceOf, faultAt, type Story } from '../story.ts'

/** What the steps of the scenario changed. */
export const stepClauses = ({ all }: Story): Clause[] =>
  all('step').map((entry) => {
    const { id, detail, failed } = entry.line
    const evidence = evidenceOf(entry, 'setting', id)
    const frame = { t: entry.line.t }
    if (failed) return say(frame)`Step ${words(evidence, id)} **failed**: ${words(evidence, detail)}.`
    return say(frame)`Step ${words(evidence, id)}: **${words(evidence, detail)}**.`
  })

/** Assignments of a group that are narrated: those after the first fault. */
const most = 6

/** Partitions that changed hands while a fault was in effect, or right after it. */
export function assignmentClauses(story: Story): Clause[] {
  return story
    .all('assignment')
    .filter(({ line }) => line.reason !== 'left')
    .slice(0, most)
    .map((entry) => {
      const { group, instance, generation, reason, partitions, at } = entry.line
      const evidence = evidenceOf(entry, 'offset', `generation ${generation} of ${group}`)
      const fault = faultAt(story, group, at)
      const frame = { t: at, also: [fault && story.faultSeen(fault)] }
      const name = words(evidence, instance)
      if (reason === 'lost')
        return say(frame)`The group took its partitions from **${name}**: it was no longer a member.`
      const [first, ...others] = partitions.flatMap(({ topic, partitions: numbers }) =>
        rowsOf(numbers).map((row) => partitionWords(evidence, topic, row)),
      )
      if (!first) return say(frame)`**${name} had no partitions** left to read.`
      const named = listWords(first, ...others.slice(0, namedMost - 1))
      // A consumer of many types has dozens, with its retry topics.
      if (others.length >= namedMost) return say(frame)`**${name} was given** ${named}, and others.`
      return say(frame)`**${name} was given** ${named}.`
    })
}

/** Partitions in a sentence at most, where neighbours count as one. */
const namedMost = 6

/** `order_placed 0 to 5`, `order_placed 2`. */
function partitionWords(evidence: Evidence, topic: string, [from, to]: readonly [number, number]): EvidencedText {
  const of = words(evidence, topic)
  const ends = (from === to ? [from] : [from, to]).map((number) => numbered(evidence, number))
  return {
    text: `${of.text} ${ends.map(({ text }) => text).join(' to ')}`,
    from: [...of.from, ...ends.flatMap((end) => end.from)],
  }
}

/** Numbers that follow each other as their first and last. */
function rowsOf(numbers: readonly number[]): [number, number][] {
  const rows: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = rows.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else rows.push([number, number])
  }
  return rows
}
