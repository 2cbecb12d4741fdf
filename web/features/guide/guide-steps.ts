import { isOver } from '#web/features/faults/fault-words.ts'
import type { IconName } from '#web/ui/icon.tsx'
import { count } from '../words/figures.ts'
import type { GuideView } from './guide-view.ts'

/** What one step does to the lab. */
export type GuideAct = 'publish' | 'load' | 'kill' | 'look' | 'cut' | 'heal' | 'judge'

/** Where a numbered mark is shown: on a node of the graph, or at a figure of the ledger bar. */
export type MarkPlace = { node: string } | { figure: 'in flight' | 'lost' | 'delivered' | 'retrying' }

/** Something to look at while the step goes on: what will be seen, and what it means. */
export interface GuideWatch {
  place: MarkPlace
  what: string
  meaning: string
}

/**
 * A step of the first experiment. Its text is made from what the lab shows, and it ends by what the lab shows: `isDone` is asked whenever
 * something live changes.
 */
export interface GuideStep {
  name: string
  act: GuideAct
  icon: IconName
  title: (view: GuideView) => string
  why: (view: GuideView) => string
  /** The words of the button, and what it does, in the words of the API. */
  button: (view: GuideView) => string
  does: (view: GuideView) => string
  watch: (view: GuideView) => GuideWatch[]
  /** What ends the step; once its act is done, what the lab shows of it so far. */
  next: (view: GuideView) => string
  /** Why the act cannot be done now; absent: it always can. */
  missing?: (view: GuideView) => string | undefined
  isBegun: (view: GuideView) => boolean
  isDone: (view: GuideView) => boolean
}

/** The load of the experiment. */
export const guideLoad = { ratePerSecond: 60, durationMs: 300_000 }
/** How long the killed replica stays away, in milliseconds. */
export const awayMs = 8_000
/** How long the link stays cut if nobody heals it, in milliseconds: far below what the retry policy waits. */
export const cutMs = 30_000
/** A backlog below this is worked off. */
const smallBacklog = 10
/** How long that is waited for, in milliseconds. On a busy machine more than that is always on its way; then what comes in a second is little. */
const patienceMs = 20_000

/** Whether the backlog is worked off, so many milliseconds after a fault was over. */
const isWorkedOff = ({ unsettled }: GuideView, overForMs: number): boolean =>
  unsettled < (overForMs < patienceMs ? smallBacklog : guideLoad.ratePerSecond)
/** Acknowledged messages of the load from which the next step makes sense. */
const enoughLoad = 120

const effectWord = ({ subject }: GuideView): string => (subject.nodes.effect.endsWith('database') ? 'row' : 'effect')

const isHealed = ({ cut, isCutPast }: GuideView): boolean => isCutPast || (cut !== undefined && isOver(cut))

const consumer = ({ subject }: GuideView): MarkPlace => ({ node: subject.nodes.consumer })
const queue = ({ subject }: GuideView): MarkPlace => ({ node: subject.nodes.queue })
const effect = ({ subject }: GuideView): MarkPlace => ({ node: subject.nodes.effect })

const publish: GuideStep = {
  ...{ name: 'Publish one event', act: 'publish', icon: 'send' },
  title: ({ subject }) => `Publish one ${subject.type}`,
  why: () =>
    'One event is owed to every consumer that receives its type. The ledger counts each of them until it is settled.',
  button: ({ subject }) => `Publish ${subject.type}`,
  does: () => 'POST /event, with the example of its type',
  watch: (view) => [
    { place: { node: view.subject.nodes.topic }, what: 'The topic passes it on', meaning: 'a copy for each consumer' },
    { place: consumer(view), what: `${view.subject.consumer} handles it`, meaning: 'one attempt, if all is well' },
    { place: effect(view), what: `One ${effectWord(view)} is made`, meaning: 'that is what delivered means here' },
    { place: { figure: 'delivered' }, what: 'Delivered goes up', meaning: 'by one for each consumer' },
  ],
  next: ({ record }) =>
    record.message === undefined
      ? 'Step 2 starts by itself when every consumer has handled it.'
      : `${record.message} is on its way. Its row below says where it is.`,
  isBegun: ({ record }) => record.message !== undefined,
  isDone: ({ record }) => record.handled === true,
}

const load: GuideStep = {
  ...{ name: 'Send a steady load', act: 'load', icon: 'burst' },
  title: () => `Send ${guideLoad.ratePerSecond} a second`,
  why: () => 'Failures are harmless while nothing is in flight. With a steady load, something always is.',
  button: () => `Start ${guideLoad.ratePerSecond} a second`,
  does: () => `POST /api/bursts, ends by itself after ${guideLoad.durationMs / 60_000} minutes`,
  watch: (view) => [
    {
      place: { node: view.subject.nodes.topic },
      what: `About ${guideLoad.ratePerSecond} a second`,
      meaning: 'open loop: the rate does not wait for the lab',
    },
    { place: queue(view), what: 'The backlog stays small', meaning: 'the consumer keeps up' },
    { place: { figure: 'in flight' }, what: 'A few are in flight', meaning: 'published and not yet settled' },
  ],
  next: ({ burst }) =>
    burst === undefined
      ? `Step 3 starts by itself when ${enoughLoad} are acknowledged.`
      : `${count(burst.acked)} are acknowledged so far; step 3 starts at ${enoughLoad}.`,
  isBegun: ({ record }) => record.burst !== undefined,
  isDone: ({ burst, isBurstPast }) => isBurstPast || (burst !== undefined && burst.acked >= enoughLoad),
}

const kill: GuideStep = {
  ...{ name: 'Kill a consumer', act: 'kill', icon: 'bolt' },
  title: ({ subject }) => `Kill ${subject.instance} now`,
  why: (view) =>
    `A process that dies holds messages whose ${effectWord(view)} is made and that are not settled, and messages that it has not looked at. A lab that loses neither is one you can trust.`,
  button: ({ subject }) => `Kill ${subject.instance}`,
  does: () => `process.kill, comes back by itself after ${awayMs / 1_000} s`,
  watch: (view) => [
    {
      place: consumer(view),
      what: `${view.subject.instance} goes dark`,
      meaning:
        view.subject.replicas > 1 ? 'the other replicas take over its share' : 'nobody reads its queue meanwhile',
    },
    { place: queue(view), what: 'The backlog grows', meaning: `by up to ${guideLoad.ratePerSecond} a second` },
    {
      place: { figure: 'in flight' },
      what: 'In flight grows, lost stays 0',
      meaning: 'the bar always sums to what is owed',
    },
    {
      place: effect(view),
      what: view.subject.idempotent ? `No ${effectWord(view)} repeats` : 'Some effects may repeat',
      meaning: view.subject.idempotent
        ? 'what is delivered twice is skipped'
        : 'this consumer cannot promise that they do not',
    },
  ],
  next: ({ kill: fault, isKillPast, replicaUp, unsettled, subject }) => {
    if (fault === undefined && !isKillPast)
      return `Step 4 starts by itself when ${subject.instance} is back and fewer than ${smallBacklog} wait.`
    if (fault && fault.observedAt === undefined) return 'The kill is on its way to the process.'
    if (!replicaUp) return `${subject.instance} is gone; ${count(unsettled)} wait for ${subject.consumer}.`
    return `${subject.instance} is back; ${count(unsettled)} are left to work off. What it had in flight comes back when the broker gives it out again.`
  },
  isBegun: ({ record }) => record.kill !== undefined,
  isDone: (view) => {
    const { kill: fault, isKillPast, replicaUp, killOverForMs } = view
    const isEnded = isKillPast || (fault?.observedAt !== undefined && isOver(fault))
    return isEnded && replicaUp && isWorkedOff(view, killOverForMs)
  },
}

const look: GuideStep = {
  ...{ name: 'See what came twice', act: 'look', icon: 'search' },
  title: ({ repeated }) =>
    repeated === 0 ? 'Nothing came twice this time' : `${count(repeated)} came twice: open one`,
  why: (view) =>
    view.repeated === 0
      ? `The process had nothing in flight when it died. Every message still has exactly one ${effectWord(view)}.`
      : `The broker cannot know how far the process had come, so it gives these out again. Its second attempt says what happened to the ${effectWord(view)}.`,
  button: ({ repeated }) => (repeated === 0 ? 'Go on' : 'Open one of them'),
  does: ({ repeatedSample, repeated }) =>
    repeated === 0 || repeatedSample === undefined ? 'nothing is changed' : repeatedSample,
  watch: (view) => [
    {
      place: effect(view),
      what: view.secondEffects === 0 ? `0 second effects` : `${count(view.secondEffects)} second effects`,
      meaning: view.subject.idempotent ? 'the inbox knew what was done' : 'counted, since none was promised away',
    },
    { place: { figure: 'lost' }, what: `${count(view.lost)} lost`, meaning: 'of everything that is owed' },
  ],
  next: () => 'Step 5 starts when you have opened one. Its attempts are bars, its second delivery a second bar.',
  isBegun: ({ record }) => record.looked === true,
  isDone: ({ record }) => record.looked === true,
}

const cut: GuideStep = {
  ...{ name: 'Cut its link', act: 'cut', icon: 'bolt' },
  title: ({ subject }) => `Cut ${subject.consumer} off`,
  why: ({ subject }) =>
    `Now the process lives and what it needs is gone: every connection of ${subject.link} is refused. Attempts fail, and the retry policy decides when they are tried again.`,
  button: ({ subject }) => `Cut ${subject.link}`,
  does: () => `link.down, ends by itself after ${cutMs / 1_000} s`,
  watch: (view) => [
    { place: effect(view), what: 'Nothing arrives any more', meaning: 'the link is drawn red' },
    { place: { figure: 'retrying' }, what: 'Retrying grows', meaning: 'each waits longer than the time before' },
    { place: { figure: 'lost' }, what: 'Lost stays 0', meaning: 'a message that waits is not lost' },
  ],
  next: ({ cut: fault, retrying }) =>
    fault === undefined
      ? 'Step 6 starts by itself when the first attempt has failed.'
      : `The link is cut; ${count(retrying)} wait for another attempt.`,
  isBegun: ({ record }) => record.cut !== undefined,
  isDone: (view) => isHealed(view) || (view.cut !== undefined && view.record.retried === true),
}

const heal: GuideStep = {
  ...{ name: 'Heal it', act: 'heal', icon: 'heal' },
  title: ({ subject }) => `Heal ${subject.link}`,
  why: () =>
    'What waits for a retry is tried again when it is due, not at once: that is what keeps a database alive that has just come back.',
  button: () => 'Heal the link',
  does: ({ cut: fault }) => (fault === undefined ? 'nothing is cut' : `DELETE /api/faults/${fault.id}`),
  watch: (view) => [
    { place: { figure: 'retrying' }, what: 'Retrying goes down', meaning: 'as each comes due' },
    { place: effect(view), what: 'A second chance, not a second effect', meaning: 'what failed before made none' },
    { place: queue(view), what: 'The backlog is worked off', meaning: 'oldest first' },
  ],
  missing: (view) => (view.cut === undefined && !isHealed(view) ? 'Nothing is cut. Step 5 does that.' : undefined),
  next: (view) =>
    !isHealed(view)
      ? `Step 7 starts by itself when nothing retries and fewer than ${smallBacklog} wait.`
      : `Healed; ${count(view.retrying)} retry and ${count(view.unsettled)} are unsettled.`,
  isBegun: isHealed,
  isDone: (view) => isHealed(view) && view.retrying === 0 && isWorkedOff(view, view.cutOverForMs),
}

const judge: GuideStep = {
  ...{ name: 'Read the verdict', act: 'judge', icon: 'pass' },
  title: () => 'Stop the load and ask for the verdict',
  why: () =>
    'Telemetry says that all went well, and telemetry is what a broken system would send too. The audit asks the broker and the effect store as well, and compares the three message by message.',
  button: () => 'Stop the load and audit',
  does: () => 'DELETE the burst, then POST /api/ledger/audit',
  watch: (view) => [
    { place: { figure: 'in flight' }, what: 'In flight goes to 0', meaning: 'the audit waits for that' },
    { place: { figure: 'lost' }, what: `${count(view.lost)} lost`, meaning: `of ${count(view.owed)} owed` },
  ],
  next: ({ record, owed, lost, deadLettered }) =>
    record.verdict === undefined
      ? 'The audit answers when nothing is in flight any more.'
      : `${verdictWords[record.verdict.result]}: ${count(lost)} lost of ${count(owed)} owed${deadLettered === 0 ? '' : `, ${count(deadLettered)} dead-lettered`}.${record.verdict.reasons.length === 0 ? '' : ` ${record.verdict.reasons[0]}.`}`,
  isBegun: ({ record }) => record.verdict !== undefined,
  isDone: ({ record }) => record.verdict !== undefined,
}

const verdictWords = { pass: 'Pass', fail: 'Fail', inconclusive: 'Inconclusive' }

/** The first experiment: what a crash and a cut do to messages, and the proof that none was lost. */
export const guideSteps: readonly GuideStep[] = [publish, load, kill, look, cut, heal, judge]
