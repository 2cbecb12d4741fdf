import type { Clause, Evidence } from '../../api/narration.ts'
import type { RunFault } from '../../api/run.ts'
import { between, countWords, time, words } from '../evidenced-text.ts'
import { type EvidencedText, say } from '../say.ts'
import { type Story, scenario } from '../story.ts'

/** What a fault did to its target. */
const deeds: Record<string, string> = {
  'process.kill': 'was killed',
  'process.pause': 'stood still',
  'process.shutdown': 'was asked to end',
  'process.block': 'had its event loop blocked',
  'handler.error': 'failed in its handlers',
  'handler.latency': 'was slowed down in its handlers',
  'ack.lost': 'lost acknowledgements',
  'link.down': 'was cut',
  'link.latency': 'was slowed down',
  'link.bandwidth': 'was narrowed',
  'link.timeout': 'fell silent',
  'link.reset_peer': 'was reset',
  'broker.down': 'was down',
  'broker.pause': 'was stopped',
  'message.duplicate': 'was copied on its way',
  'message.poison': 'was made unreadable',
  'message.reorder': 'was put out of order',
}

/** What each fault did, and until when. */
export const faultClauses = (story: Story): Clause[] =>
  story.run.faults.flatMap((fault) => {
    const seen = story.faultSeen(fault)
    return fault.observedAt === undefined
      ? unseen(fault, seen)
      : [took(story, fault, fault.observedAt, seen, story.faultEnded(fault))]
  })

function took(story: Story, fault: RunFault, at: number, seen: Evidence, ended: Evidence): Clause {
  const { id, type, healedAt, hits } = fault
  const target = targetOf(fault)
  const deed = deeds[type]
  const frame = { t: at, until: healedAt }
  const from = time(seen, at)
  const name = words(scenario, id)
  const what: EvidencedText = deed === undefined ? words(scenario, type) : { text: deed, from: [seen] }
  if (healedAt === undefined) return say(frame)`From ${from} **${target} ${what}** (${name}).`
  const length = between(seen, at, ended, healedAt)
  const isOfMessages = /^(handler|message|ack)\./.test(type)
  if (type === 'process.kill' || type === 'process.shutdown')
    return say(frame)`At ${from} **${target} ${what}** (${name}), and could start again ${length} later.`
  if (!isOfMessages || hits < 2) return say(frame)`From ${from} **${target} ${what}** for ${length} (${name}).`
  const hit = countWords(lastWith(story, fault, ended), hits, 'time')
  return say(frame)`From ${from} **${target} ${what} ${hit}** in ${length} (${name}).`
}

/** Hits alone are no news, so the figure is in the last line of the fault. */
function lastWith({ all }: Story, { id }: RunFault, ended: Evidence): Evidence {
  const last = all('fault').findLast(({ line }) => line.id === id)
  return last ? { ...ended, line: last.number, t: last.line.t } : ended
}

function unseen(fault: RunFault, evidence: Evidence): Clause[] {
  const { id, type, reason, state } = fault
  const name = words(scenario, id)
  const kind = words(scenario, type)
  const t = evidence.t
  const also = [evidence]
  if (state === 'planned') return [say({ t, also })`**${name} was never injected** (${kind}).`]
  if (reason === undefined) return [say({ t, also })`**${name} was never seen to take effect** (${kind}).`]
  return [say({ t, also })`**${name} was never seen to take effect** (${kind}): ${words(evidence, reason)}.`]
}

function targetOf({ target }: RunFault): EvidencedText {
  const name = Object.values(target ?? {}).at(-1)
  return name === undefined || name === 'any' || name === 'broker'
    ? { text: 'the broker', from: [scenario] }
    : words(scenario, name)
}
