import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Clause, Evidence } from '../api/narration.ts'
import type { JournalLine } from '../scenario-run/journal-line.ts'
import { readJournal } from '../scenario-run/read-journal.ts'
import { narrationLines, sentenceOf } from './clause-in-words.ts'
import { narrate } from './narrate.ts'

/** Journals of real runs of the shipped scenarios, without the samples in between. */
const folder = join(import.meta.dirname, 'fixtures')
const names = readdirSync(folder).map((file) => file.replace('.jsonl', ''))
const linesOf = (name: string): JournalLine[] => readJournal(readFileSync(join(folder, `${name}.jsonl`), 'utf8')).lines
const sentences = (lines: readonly JournalLine[]): string[] => narrate(lines).map(sentenceOf)

/** Every number and text in a value, however deep; names of fields too, since groups are such. */
function leaves(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [value]
  return Object.entries(value).flatMap(([name, member]) => [name, ...leaves(member)])
}

const numbersIn = (text: string): string[] => text.match(/\d[\d,]*(\.\d+)?/g) ?? []

/** What is wrong with the evidence of a clause; empty if all of it was read where it says. */
function unfounded(clause: Clause, lines: readonly JournalLine[]): string[] {
  const found = clause.evidence.flatMap(({ readings }) => readings)
  const read = found.flatMap(({ text }) => numbersIn(text))
  const isIn = ({ line }: Evidence, value: unknown): boolean => leaves(lines[line - 1]).includes(value)
  return [
    ...numbersIn(sentenceOf(clause)).filter((number) => !read.includes(number)),
    ...clause.evidence.flatMap((piece) =>
      piece.readings.flatMap(({ text, value, less }) => {
        const isRead = isIn(piece, value) && (less === undefined || clause.evidence.some((one) => isIn(one, less)))
        const figure = typeof value === 'number' ? value - (less ?? 0) : value
        const isSaid =
          typeof figure === 'string'
            ? text === figure
            : numbersIn(text).some((number) =>
                [figure, figure / 1_000].some((one) => Math.abs(Number(number.replaceAll(',', '')) - one) <= 0.5),
              )
        return isRead && isSaid ? [] : [`${text} is not in line ${piece.line}`]
      }),
    ),
    ...clause.evidence.flatMap(({ kind, id, line }) =>
      kind === 'message' && !leaves(lines[line - 1]).includes(id) ? [`line ${line} does not name ${id}`] : [],
    ),
  ]
}

test('there is a journal of every shipped scenario', () => {
  const shipped = readdirSync('scenarios').filter((file) => file.endsWith('.yaml'))
  expect(names.map((name) => `${name}.yaml`).sort()).toEqual(shipped.sort())
})

for (const name of names) {
  test(`${name}: at least four clauses, every figure of which is in its evidence`, () => {
    const lines = linesOf(name)
    const clauses = narrate(lines)
    expect(clauses.length).toBeGreaterThanOrEqual(4)
    for (const clause of clauses) {
      expect(clause.evidence.length).toBeGreaterThan(0)
      expect(clause.parts.some(({ claim }) => claim)).toBe(true)
      expect(unfounded(clause, lines), sentenceOf(clause)).toEqual([])
    }
    expect(sentenceOf(clauses.at(-1) as Clause)).toMatch(/ owed, .*: (pass|fail)\.$/)
    expect(clauses.slice(0, -1).map(({ t }) => Math.round(t / 100))).toEqual(
      clauses
        .slice(0, -1)
        .map(({ t }) => Math.round(t / 100))
        .sort((a, b) => a - b),
    )
  })
}

test('one message is narrated in the singular', () => {
  const narrated = sentences(
    linesOf('consumer-crash-and-retry').map(
      (line): JournalLine =>
        line.kind === 'run'
          ? { ...line, plan: { ...line.plan, phases: line.plan.phases.map((phase) => ({ ...phase, arrivals: 1 })) } }
          : line,
    ),
  )
  expect(narrated).toContain('Phase warmup: 1 message was due in 2.0 s.')
})

test('a crash is narrated from the kill to the verdict', () => {
  expect(sentences(linesOf('consumer-crash-and-retry'))).toEqual([
    'Phase warmup: 60 messages were due in 2.0 s.',
    'The lag of consumer-email grew to 38 in 1.0 s.',
    'Phase failing: 200 messages were due in 5.0 s.',
    'From 2.7 s consumer-db failed in its handlers 40 times in 2.9 s (errors).',
    '40 attempts were retried by consumer-db, the first at 3.3 s: 40 with DatabaseTimeout.',
    'consumer-email had caught up at 5.4 s: lag 2.',
    'Phase crashing: 160 messages were due in 4.0 s.',
    'At 8.4 s consumer-db was killed (crash), and could start again 1.9 s later.',
    'At 8.4 s consumer-db-1 ended (SIGKILL) with 5 messages in flight.',
    'At 8.4 s consumer-db-2 ended (SIGKILL) with 3 messages in flight.',
    'Nothing was unsettled 7.6 s after phase drain began.',
    'The lag of consumer-db grew to 132 in 10.8 s, in the time of errors and crash.',
    'consumer-db-1 was up again after 4.8 s, as process 18689.',
    'consumer-db-2 was up again after 4.8 s, as process 18690.',
    '3 messages were delivered again that consumer-db-2 had in flight, 2 after the effect: no second one was made.',
    '5 messages were delivered again that consumer-db-1 had in flight.',
    '8 messages were delivered again without a retry in consumer-db; the first was seen by 18.1 s.',
    'The inbox of consumer-db suppressed 2 deliveries whose effect was there already.',
    'consumer-db had caught up 8.5 s after the end of crash: lag 0.',
    'Of 840 owed, 840 were delivered, 0 dead letters, 0 lost: pass.',
  ])
})

test('what was owed before the run, and what others published beside it, is said', () => {
  const lines = linesOf('consumer-crash-and-retry').map(
    (line): JournalLine =>
      line.kind === 'obligations' ? { ...line, owed: 866, delivered: 866, earlier: 6, others: 10 } : line,
  )
  expect(sentences(lines).slice(-2)).toEqual([
    'Beside the run 10 other messages were published; what was owed for them is counted too.',
    'Of 866 owed, 6 of them since before the run, 866 were delivered, 0 dead letters, 0 lost: pass.',
  ])
  expect(narrate(lines).flatMap((clause) => unfounded(clause, lines))).toEqual([])
})

test('a check that failed is narrated with what it found, and what it wanted', () => {
  expect(sentences(linesOf('burst-and-backlog'))).toContain(
    'Check backlog-seen did not hold: consumer.lag of consumer-db > 100 once, found consumer-db 0.',
  )
})

test('a process that ends without a fault of its own is narrated, and no cause is named', () => {
  const [first, ...others] = linesOf('rolling-restart')
  if (first?.kind !== 'run') throw new Error('no run')
  const without: JournalLine[] = [
    { ...first, plan: { ...first.plan, faults: [] } },
    ...others.filter(({ kind }) => kind !== 'fault'),
  ]
  const ended = narrate(without).find((clause) => sentenceOf(clause).includes('ended (code 0)'))
  expect(ended?.evidence.map(({ kind }) => kind)).toEqual(['log'])
})

test('effects that were made twice are never narrated as suppressed', () => {
  const lines = linesOf('consumer-crash-and-retry').map(
    (line): JournalLine => (line.kind === 'audit' ? { ...line, secondEffects: { 'consumer-db': 2 } } : line),
  )
  const narrated = sentences(lines)
  expect(narrated.filter((sentence) => sentence.includes('no second one'))).toEqual([])
  expect(narrated).toContain(
    '3 messages were delivered again that consumer-db-2 had in flight, 2 after the effect; in the group, 2 effects were made twice.',
  )
})

test('that no second effect was made is said only where the audit is sure', () => {
  for (const unsure of [{ drained: false }, { doubts: ['2 publishes are indeterminate'] }]) {
    const lines = linesOf('consumer-crash-and-retry').map(
      (line): JournalLine => (line.kind === 'audit' ? { ...line, ...unsure } : line),
    )
    const narrated = sentences(lines)
    expect(narrated.filter((sentence) => sentence.includes('no second one'))).toEqual([])
    expect(narrated).toContain('3 messages were delivered again that consumer-db-2 had in flight, 2 after the effect.')
  }
})

test('of a phase that was cut short neither planned messages nor an end of its work are narrated', () => {
  const cutBefore = (name: string): string[] =>
    sentences(
      linesOf('consumer-crash-and-retry').flatMap((line): JournalLine[] =>
        line.kind === 'phase' && line.name === name && line.edge === 'end'
          ? [{ kind: 'cut', t: line.t, why: 'stopped', reason: 'the run was stopped' }, line]
          : [line],
      ),
    )
  const inDrain = cutBefore('drain')
  expect(inDrain.filter((sentence) => sentence.includes('Nothing was unsettled'))).toEqual([])
  expect(inDrain).toContain('Phase crashing: 160 messages were due in 4.0 s.')
  expect(inDrain).toContain('The run was cut short: the run was stopped.')
  const inCrash = cutBefore('crashing')
  expect(inCrash).toContain('Phase failing: 200 messages were due in 5.0 s.')
  expect(inCrash.filter((sentence) => sentence.includes('Phase crashing'))).toEqual([])
})

test('a journal older than those lines is narrated from what it has', () => {
  const old = new Set(['run', 'state', 'phase', 'fault', 'step', 'sample', 'check', 'audit', 'events', 'end'])
  const lines = linesOf('consumer-crash-and-retry').filter(({ kind }) => old.has(kind))
  const narrated = sentences(lines)
  expect(narrated).toContain('At 8.4 s consumer-db was killed (crash), and could start again 1.9 s later.')
  expect(narrated.at(-1)).toBe('The verdict is pass.')
  for (const clause of narrate(lines)) expect(unfounded(clause, lines)).toEqual([])
})

test('a journal that is cut anywhere is narrated up to there, without a verdict', () => {
  const whole = linesOf('consumer-crash-and-retry')
  for (let length = 0; length < whole.length; length += 1) {
    const lines = whole.slice(0, length)
    const clauses = narrate(lines)
    for (const clause of clauses) expect(unfounded(clause, lines)).toEqual([])
    expect(clauses.some((clause) => /pass|verdict/.test(sentenceOf(clause)))).toBe(false)
  }
})

test('as text a clause is numbered and has its evidence below it', () => {
  const lines = narrationLines(narrate(linesOf('poison-message')))
  expect(lines.slice(4, 6)).toEqual([
    ' 3  1.1s  5 messages became dead letters of consumer-email: undecodable, 5 with Undecodable.',
    '          [dead letters of consumer-email] [message.poison] [user_signup:42] [user_signup:43]',
  ])
})
