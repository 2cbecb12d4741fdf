import type { Clause } from '../../api/narration.ts'
import { say } from '../say.ts'
import { evidenceOf, faultAt, type Story } from '../story.ts'
import { listWords, numbered, words } from '../told.ts'

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
        numbers.map((number) => {
          const [of, is] = [words(evidence, topic), numbered(evidence, number)]
          return { text: `${of.text} ${is.text}`, from: [...of.from, ...is.from] as const }
        }),
      )
      if (!first) return say(frame)`**${name} had no partitions** left to read.`
      return say(frame)`**${name} was given** ${listWords(first, ...others)}.`
    })
}
