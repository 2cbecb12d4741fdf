import type { Clause, Evidence } from '../../api/narration.ts'
import type { CheckResult, RunCheck } from '../../api/run.ts'
import { countWords, listWords, were, words } from '../evidenced-text.ts'
import { type EvidencedText, say } from '../say.ts'
import { evidenceOf, type Story, scenario } from '../story.ts'

/** Checks that did not hold, each with its figures. */
export const checkClauses = (story: Story): Clause[] =>
  story.run.checks.flatMap((result) => {
    const check = story.first.plan.checks.find(({ id }) => id === result.id)
    return check && result.result === 'fail' && check.kind !== 'invariant' ? [broken(story, check, result)] : []
  })

function broken(story: Story, { id, title, kind }: RunCheck, { at }: CheckResult): Clause {
  const lines = story.all('check').filter(({ line }) => line.id === id)
  const entry = lines.find(({ line }) => line.t === at) ?? lines.at(-1)
  if (!entry)
    return say({
      t: at ?? story.run.elapsedMs,
    })`Check ${words(scenario, id)} **did not hold**: ${words(scenario, title)}.`
  const evidence = evidenceOf(entry, 'check', id, id)
  const figures = Object.entries(entry.line.values).map(([of, value]): EvidencedText => {
    const figure: EvidencedText = value === null ? { text: 'none', from: [evidence] } : exact(evidence, value)
    return of === '' ? figure : { text: `${of} ${figure.text}`, from: [...words(evidence, of).from, ...figure.from] }
  })
  const [first = { text: 'no figure', from: [evidence] as const }, ...others] = figures
  const frame = { t: entry.line.t }
  const name = words(evidence, id)
  if (kind === 'steady')
    return say(
      frame,
    )`**The lab was not in its steady state**: ${name}, ${words(scenario, title)}, found ${listWords(first, ...others)}.`
  if (kind === 'abort')
    return say(frame)`**${name} ended the run**: ${words(scenario, title)}, found ${listWords(first, ...others)}.`
  return say(frame)`**Check ${name} did not hold**: ${words(scenario, title)}, found ${listWords(first, ...others)}.`
}

const exact = (evidence: Evidence, value: number): EvidencedText => {
  const text = String(Math.round(value * 100) / 100)
  return { text, from: [{ ...evidence, readings: [{ text, value }] }] }
}

/** Why the run ended before its time, and what it could not take back. */
export const cutClauses = ({ all }: Story): Clause[] => [
  ...all('cut')
    .slice(0, 1)
    .map(
      (entry) =>
        say({
          t: entry.line.t,
        })`**The run was cut short**: ${words(evidenceOf(entry, 'log', entry.line.why), entry.line.reason)}.`,
    ),
  ...all('note')
    .slice(0, notesMost)
    .map((entry) => say({ t: entry.line.t })`Noted: ${words(evidenceOf(entry, 'log', 'note'), entry.line.text)}.`),
]
const notesMost = 10

/** What the producer did not bring to the broker for sure. */
export function publishClauses({ all }: Story): Clause[] {
  const entry = all('sample').at(-1)
  if (!entry) return []
  const { due, acked, failed, indeterminate, refused, t } = entry.line
  const evidence = evidenceOf(entry, 'sample', 'publishes')
  const others = Object.entries({ failed, indeterminate, refused }).flatMap(([word, number]): EvidencedText[] => {
    const { from } = countWords(evidence, number)
    return number === 0 ? [] : [{ text: `${countWords(evidence, number).text} ${word}`, from }]
  })
  const [first, ...rest] = others
  if (!first) return []
  return [
    say({
      t,
    })`Of ${countWords(evidence, due, 'message')}, **${were(countWords(evidence, acked), acked)} acknowledged**; ${listWords(first, ...rest)}.`,
  ]
}

/** How it ended: what was owed, what became of it, and the verdict. */
export function verdictClauses({ run, all }: Story): Clause[] {
  const end = all('end').at(-1)
  const audit = all('audit').at(-1)
  const owed = all('obligations').at(-1)
  const { verdict } = run
  if (!end || !verdict) return []
  const judged = audit && evidenceOf(audit, 'check', 'audit')
  // Checks have their chips: those that failed, else all invariants.
  const chips = run.checks
    .filter(({ kind, result }) => (verdict === 'fail' ? result === 'fail' : kind === 'invariant'))
    .map(({ id }): Evidence => {
      const line = all('check').findLast((check) => check.line.id === id) ?? audit ?? end
      return evidenceOf(line, 'check', id, id)
    })
  const frame = { t: end.line.t, also: [judged, ...chips] }
  const word: EvidencedText = { text: verdict, from: [judged ?? evidenceOf(end, 'log', 'end of the run')] }
  if (!owed) return [say(frame)`The verdict is **${word}**.`]
  const sums = evidenceOf(owed, 'check', 'obligations')
  const { owed: due, delivered, deadLettered, lost, earlier = 0, others = 0 } = owed.line
  const letters = countWords(sums, deadLettered, 'dead letter')
  const beside =
    others === 0
      ? []
      : [
          say({
            t: owed.line.t,
          })`Beside the run **${were(countWords(sums, others, 'other message'), others)} published**; what was owed for them is counted too.`,
        ]
  return [
    ...beside,
    say(
      frame,
    )`Of ${owedWords(sums, due, earlier)}, **${were(countWords(sums, delivered), delivered)} delivered**, ${letters}, ${countWords(sums, lost)} lost: **${word}**.`,
  ]
}

/** `866 owed`, or `866 owed, 6 of them since before the run`. */
function owedWords(sums: Evidence, due: number, earlier: number): EvidencedText {
  const [all, before] = [countWords(sums, due), countWords(sums, earlier)]
  if (earlier === 0) return { text: `${all.text} owed`, from: all.from }
  return {
    text: `${all.text} owed, ${before.text} of them since before the run`,
    from: [all.from[0], ...before.from],
  }
}
