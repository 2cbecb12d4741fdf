import type { Clause } from '../../api/narration.ts'
import type { LineOf } from '../../scenario-run/journal-line.ts'
import { between, countWords, numbered, time, were, words } from '../evidenced-text.ts'
import { say } from '../say.ts'
import { evidenceOf, faultAt, messagesOf, type NumberedLine, type Story } from '../story.ts'

type Process = NumberedLine<LineOf<'process'>>

/** Ends that are narrated one by one. */
const most = 12

/** Processes that ended, with what they had in flight, and those that came after them. */
export function processClauses(story: Story): Clause[] {
  const lines = story.all('process')
  return lines
    .filter(({ line }) => line.state === 'ended')
    .slice(0, most)
    .flatMap((end) => {
      const up = lines.find(
        ({ line, number }) => number > end.number && line.instance === end.line.instance && line.state === 'up',
      )
      return [ended(story, end, lines), ...(up ? [back(end, up)] : [])]
    })
}

function ended(story: Story, end: Process, lines: readonly Process[]): Clause {
  const { instance, service, at, how, inHand } = end.line
  const evidence = evidenceOf(end, 'log', `${instance} ended`)
  const name = words(evidence, instance)
  const fault = faultAt(story, service, at)
  const isByFault = fault?.type.startsWith('process.') === true
  // What was in flight with the signal is known only of processes whose end the sidecar saw.
  const frame = { t: at, also: [isByFault && fault ? story.faultSeen(fault) : undefined, ...pidOf(end, lines)] }
  const moment = time(evidence, at)
  if (how === undefined) return say(frame)`At ${moment} **${name} ended**.`
  const with_ = words(evidence, how)
  if (inHand === undefined) return say(frame)`At ${moment} **${name} ended** (${with_}).`
  return say(
    frame,
  )`At ${moment} **${name} ended** (${with_}) with ${countWords(evidence, inHand, 'message')} in flight.`
}

const pidOf = ({ line: { instance, at } }: Process, lines: readonly Process[]) =>
  lines
    .filter(({ line }) => line.instance === instance && line.state === 'up' && line.at <= at)
    .slice(-1)
    .map((up) => evidenceOf(up, 'log', `${instance} up`))

function back(end: Process, up: Process): Clause {
  const { instance, at, pid } = up.line
  const evidence = evidenceOf(up, 'log', `${instance} up`)
  const name = words(evidence, instance)
  const length = between(evidenceOf(end, 'log', `${instance} ended`), end.line.at, evidence, at)
  if (pid === undefined) return say({ t: at })`**${name} was up again** after ${length}.`
  return say({ t: at })`**${name} was up again** after ${length}, as process ${numbered(evidence, pid)}.`
}

/** Messages that ended processes had in flight, and whether their effects were made twice. */
export function handClauses(story: Story): Clause[] {
  const audit = story.all('audit').at(-1)
  return story
    .last('hands', ({ instance, endedAt }) => `${instance} ${endedAt}`)
    .flatMap((entry): Clause[] => {
      const { again, afterEffect, group, instance, firstAt, endedAt } = entry.line
      if (again === 0) return []
      const evidence = evidenceOf(entry, 'log', `in the hands of ${instance}`)
      const frame = { t: firstAt ?? endedAt, also: messagesOf(entry) }
      const left = were(countWords(evidence, again, 'message'), again)
      const of = words(evidence, instance)
      if (afterEffect === 0 || !audit) return [say(frame)`**${left} delivered again** that ${of} had in flight.`]
      const after = countWords(evidence, afterEffect)
      const judged = evidenceOf(audit, 'check', 'audit')
      const second = audit.line.secondEffects[group] ?? 0
      if (second > 0) {
        const twice = were(countWords(judged, second, 'effect'), second)
        return [
          say(
            frame,
          )`**${left} delivered again** that ${of} had in flight, ${after} after the effect; in the group, ${twice} made twice.`,
        ]
      }
      // An audit that is not sure does not know of effects that it has not seen yet.
      const isSure = audit.line.drained && audit.line.doubts.length === 0
      if (!isSure) return [say(frame)`**${left} delivered again** that ${of} had in flight, ${after} after the effect.`]
      const also = [...frame.also, judged]
      return [
        say({
          ...frame,
          also,
        })`**${left} delivered again** that ${of} had in flight, ${after} after the effect: no second one was made.`,
      ]
    })
}
