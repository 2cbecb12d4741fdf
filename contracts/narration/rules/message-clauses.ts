import type { AnomalyName } from '../../api/ledger.ts'
import type { Clause, Evidence } from '../../api/narration.ts'
import { countWords, listWords, time, were, words } from '../evidenced-text.ts'
import { type EvidencedText, say } from '../say.ts'
import { evidenceOf, faultAt, messagesOf, type Story } from '../story.ts'

const byGroup = ({ group }: { group: string }): string => group

/** Attempts that failed and were tried again. */
export const retryClauses = (story: Story): Clause[] =>
  story.last('retries', byGroup).map((entry) => {
    const { group, count: attempts, firstAt, lastAt, errors } = entry.line
    const evidence = evidenceOf(entry, 'log', `retries of ${group}`)
    const fault = faultAt(story, group, firstAt)
    const frame = {
      ...{ t: firstAt, until: lastAt },
      also: [fault && story.faultSeen(fault), ...messagesOf(entry)],
    }
    const failed = were(countWords(evidence, attempts, 'attempt'), attempts)
    const why = errorsOf(evidence, errors)
    return say(
      frame,
    )`**${failed} retried** by ${words(evidence, group)}, the first at ${time(evidence, firstAt)}: ${why}.`
  })

/** Messages that were given up. */
export const deadLetterClauses = (story: Story): Clause[] =>
  story.last('dead_letters', byGroup).map((entry) => {
    const { group, count: letters, firstAt, lastAt, reasons, errors } = entry.line
    const evidence = evidenceOf(entry, 'queue', `dead letters of ${group}`)
    const fault = faultAt(story, group, firstAt)
    const also = [fault && story.faultSeen(fault), ...messagesOf(entry)]
    const given = countWords(evidence, letters, 'message')
    const why = listed(
      evidence,
      Object.keys(reasons).map((reason) => words(evidence, reason)),
    )
    const frame = { t: firstAt, until: lastAt, also }
    return say(
      frame,
    )`**${given} became dead letters** of ${words(evidence, group)}: ${why}, ${errorsOf(evidence, errors)}.`
  })

/** What inboxes kept from being done twice. */
export const suppressedClauses = (story: Story): Clause[] =>
  story.last('suppressed', byGroup).map((entry) => {
    const { group, count: deliveries, firstAt, lastAt } = entry.line
    const evidence = evidenceOf(entry, 'log', `inbox of ${group}`)
    const found = countWords(evidence, deliveries, 'delivery', 'deliveries')
    const frame = { t: firstAt, until: lastAt, also: messagesOf(entry) }
    return say(frame)`The inbox of ${words(evidence, group)} **suppressed ${found}** whose effect was there already.`
  })

/** What each anomaly is called where it was counted. */
const found: Record<AnomalyName, readonly [one: string, many: string]> = {
  lost_message: ['message was lost', 'messages were lost'],
  premature_commit: ['message was committed before it was done', 'messages were committed before they were done'],
  phantom_message: ['message was delivered that nobody published', 'messages were delivered that nobody published'],
  aborted_read: ['failed publish was delivered all the same', 'failed publishes were delivered all the same'],
  unsent_message: ['acknowledged message was never sent', 'acknowledged messages were never sent'],
  identity_reused: ['id had two bodies', 'ids had two bodies'],
  impossible_position: ['position cannot be', 'positions cannot be'],
  duplicate_effect: ['effect was made a second time', 'effects were made a second time'],
  double_settlement: ['message was delivered and dead-lettered', 'messages were delivered and dead-lettered'],
  early_retry: ['retry ran before it was due', 'retries ran before they were due'],
  effect_differs: ['effect does not say what its event says', 'effects do not say what their events say'],
  altered_message: ['message was altered on its way', 'messages were altered on their way'],
  stale_effect: ['older event overwrote a newer one', 'older events overwrote newer ones'],
  stalled_flow: ['flow stalled', 'flows stalled'],
  conflicting_outcomes: ['flow came to two ends', 'flows came to two ends'],
  duplicate_emission: ['event was sent twice for one message', 'events were sent twice for one message'],
  duplicate_delivery: ['message was delivered again without a retry', 'messages were delivered again without a retry'],
  duplicate_write: ['message is in the broker twice', 'messages are in the broker twice'],
  reordered_delivery: ['delivery came after a later one', 'deliveries came after later ones'],
  recovered_publish: [
    'publish without an answer was seen downstream',
    'publishes without an answer were seen downstream',
  ],
  fenced_commit: ['settlement was refused by the broker', 'settlements were refused by the broker'],
}

const isAskedFor = ({ first }: Story, name: AnomalyName): boolean =>
  first.plan.checks.some((check) => check.kind !== 'invariant' && check.condition.metric === `ledger.${name}`)

/** What the ledger counted, with the first messages of each. */
export const anomalyClauses = (story: Story): Clause[] =>
  story
    .last('anomaly', ({ name }) => name)
    // Where messages are handled side by side, some come out of order without any fault.
    .filter(({ line }) => line.name !== 'reordered_delivery' || isAskedFor(story, line.name))
    .map((entry) => {
      const { name, count: counted, firstAt, groups } = entry.line
      const evidence = evidenceOf(entry, 'check', `ledger.${name}`, name)
      const frame = { t: firstAt, also: messagesOf(entry) }
      const what = countWords(evidence, counted, ...found[name])
      const [first, ...others] = Object.keys(groups).map((group) => words(evidence, group))
      if (!first) return say(frame)`**${what}**; the first was seen by ${time(evidence, firstAt)}.`
      return say(
        frame,
      )`**${what}** in ${listWords(first, ...others)}; the first was seen by ${time(evidence, firstAt)}.`
    })

/** `12 with DatabaseTimeout and 3 with ConnectionLost`. */
const errorsOf = (evidence: Evidence, errors: Readonly<Record<string, number>>): EvidencedText =>
  listed(
    evidence,
    Object.entries(errors).map(([type, times]) => {
      const [number, name] = [countWords(evidence, times), words(evidence, type)]
      return { text: `${number.text} with ${name.text}`, from: [...number.from, ...name.from] }
    }),
  )

function listed(evidence: Evidence, pieces: readonly EvidencedText[]): EvidencedText {
  const [first, ...others] = pieces
  return first ? listWords(first, ...others) : { text: 'no reason was written down', from: [evidence] }
}
