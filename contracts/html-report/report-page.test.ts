import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JournalLine, LineOf } from '../scenario-run/journal-line.ts'
import { readJournal } from '../scenario-run/read-journal.ts'
import { type ChartXY, drawn, rateOf } from './charts/points.ts'
import { html } from './html.ts'
import { reportPage } from './report-page.ts'

const lines = readJournal(
  readFileSync(join(import.meta.dirname, '../narration/fixtures/consumer-crash-and-retry.jsonl'), 'utf8'),
).lines
const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u0000&amp;`
const changed = (change: (line: JournalLine) => JournalLine): JournalLine[] => lines.map(change)

test('one file holds verdict, narration, charts, checks, faults, environment and the scenario', () => {
  const page = reportPage(lines)
  for (const text of [
    ...['<h1>A consumer crashes, and its messages are retried</h1>', '✓ pass', 'What happened', 'Over time', 'Checks'],
    ...[
      'Faults',
      'Environment',
      'Scenario file',
      'restartAfter: 2s',
      'single-effect:consumer-db',
      '>process.kill healed</a>',
    ],
    ...['<b>consumer-db was killed</b>', 'aria-label="Lag, unsettled messages: consumer-db at most', 'v20.20.2'],
  ])
    expect(page).toContain(text)
  expect(page.match(/<figure>/g)).toHaveLength(4)
  expect(page.length).toBeLessThan(60_000)
  expect(reportPage(lines)).toBe(page)
})

test('each piece of evidence leads to the line of the journal that it names', () => {
  const page = reportPage(lines)
  const links = [...page.matchAll(/href="#line-(\d+)"/g)].map(([, line]) => Number(line))
  expect(links.length).toBe(
    page
      .match(/<ul class="chips".*?<\/ul>/gs)
      ?.join('')
      .match(/<li /g)?.length,
  )
  for (const line of links) {
    expect(page.split(`<li id="line-${line}">`)).toHaveLength(2)
    expect(page).toContain(`<b>Line ${line}</b> <span class="dim">${lines[line - 1]?.kind}`)
  }
})

test('it asks no network for anything, and may run no script', () => {
  const page = reportPage(lines)
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`)
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref="(?!#line-\d+")|url\(|@import|javascript:/)
})

test('whatever a scenario, a group, a reason or a message says is text', () => {
  const page = reportPage(
    changed((line): JournalLine => {
      if (line.kind === 'run') {
        const faults = line.plan.faults.map((fault) => ({ ...fault, target: { service: hostile } }))
        const checks = line.plan.checks.map((check) => ({ ...check, title: hostile }))
        return {
          ...line,
          title: hostile,
          name: hostile,
          lab: hostile,
          scenario: hostile,
          plan: { ...line.plan, faults, checks },
        }
      }
      if (line.kind === 'sample') return { ...line, groups: { [hostile]: Object.values(line.groups)[0] as never } }
      if (line.kind === 'step' || line.kind === 'phase') return { ...line, detail: hostile }
      if (line.kind === 'fault') return { ...line, reason: hostile }
      return line.kind === 'hands' || line.kind === 'retries' ? { ...line, group: hostile, samples: [hostile] } : line
    }),
  )
  expect(page).not.toMatch(/<script|<img|onerror='/)
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('\u0000')
  // Every attribute is closed by the quote that opened it: no value brought one of its own.
  for (const tag of page.match(/<[a-z][^>]*>/g) ?? []) expect(tag.replace(/="[^"<>]*"/g, '')).not.toContain('"')
})

test('markup takes values as text, and markup as markup', () => {
  expect(html`<p title="${`"'&`}">${'<b>'}${html`<i>${7}</i>`}${undefined}${[html`a`, undefined]}</p>`.text).toBe(
    '<p title="&quot;&#39;&amp;">&lt;b&gt;<i>7</i>a</p>',
  )
})

test('a run of hours with many groups stays small, and says what was left out', () => {
  const sample = lines.find((line) => line.kind === 'sample') as LineOf<'sample'>
  const group = Object.values(sample.groups)[0] as LineOf<'sample'>['groups'][string]
  const many = Array.from(
    { length: 20_000 },
    (_, index): JournalLine => ({
      ...{ ...sample, t: 300 + index * 1_000, acked: index * 10 },
      groups: Object.fromEntries(
        Array.from({ length: 30 }, (_, of) => [`group-${of}`, { ...group, lag: (index * (of + 1)) % 997 }]),
      ),
    }),
  )
  const page = reportPage([
    ...changed((line) =>
      line.kind === 'run'
        ? { ...line, scenario: 'x'.repeat(900_000) }
        : line.kind === 'end'
          ? { ...line, t: 2e7 }
          : line,
    ).filter(({ kind }) => kind !== 'sample' && kind !== 'end'),
    ...many,
    { kind: 'end', t: 20_000_300, at: '2026-01-01T06:00:00.000Z' },
  ])
  expect(page).toContain('Drawn from 2,000 of 20,000 points of each line')
  expect(page).toContain('The 6 groups with the longest backlogs are drawn; 24 are not.')
  expect(page).toContain('the journal has 700000 more')
  expect(page.length).toBeLessThan(2_000_000)
})

test('a line that is thinned out keeps its peaks and its gaps', () => {
  const points = Array.from({ length: 10_000 }, (_, t): ChartXY => [t, t === 4_321 ? 99 : t === 7_000 ? -5 : 1])
  const thin = drawn(points, 100)
  expect(thin.length).toBeLessThanOrEqual(100)
  expect(thin).toContainEqual([4_321, 99])
  expect(thin).toContainEqual([7_000, -5])
  expect(thin.map(([t]) => t)).toEqual(thin.map(([t]) => t).sort((a, b) => a - b))
  expect(
    drawn(
      points.map(([t]): ChartXY => [t, null]),
      100,
    ).every(([, value]) => value === null),
  ).toBe(true)
  expect(drawn(points.slice(0, 100), 100)).toHaveLength(100)
  expect(
    rateOf([
      [0, 0],
      [1_000, 10],
      [3_000, 40],
      [3_000, 40],
    ]),
  ).toEqual([
    [1_000, 10],
    [3_000, 15],
    [3_000, null],
  ])
})

test('a journal that is cut off is reported as far as it goes', () => {
  for (const length of [1, 2, 9, 20, lines.length - 1]) {
    const page = reportPage(lines.slice(0, length), { problem: 'line 21 cannot be read' })
    expect(page).toContain('the journal is not whole: line 21 cannot be read')
    expect(page).not.toMatch(/NaN|Infinity|undefined/)
  }
})
