import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Run } from '../api/run.ts'
import { readJournal } from '../scenario-run/read-journal.ts'
import { junitOf } from './junit.ts'
import { narratedRun } from './narrated-run.ts'

const journal = join(import.meta.dirname, 'fixtures', 'consumer-crash-and-retry.jsonl')
const passed = narratedRun(readJournal(readFileSync(journal, 'utf8')).lines)
const suite = (more: Partial<Run>): string => junitOf([{ ...passed, ...more }])
const countsOf = (xml: string): string | undefined => /tests="\d+" failures="\d+" errors="\d+"/.exec(xml)?.[0]

test('a case for each check but those that abort, and none for a verdict that they tell', () => {
  const cases = passed.checks.filter(({ kind }) => kind !== 'abort').length
  expect(countsOf(suite({}))).toBe(`tests="${cases}" failures="0" errors="0"`)
  expect(suite({})).not.toContain('<testcase name="verdict"')
})

test('a verdict that no check tells is a case of its own, and so is that of a run without checks', () => {
  expect(countsOf(suite({ checks: [] }))).toBe('tests="1" failures="0" errors="0"')
  expect(suite({ checks: [] })).toMatch(/<testcase name="verdict" [^>]*\/>/)
  const stopped = { verdict: 'inconclusive' as const, reasons: ['the run was stopped'] }
  expect(countsOf(suite({ checks: [], ...stopped }))).toBe('tests="1" failures="0" errors="1"')
  expect(suite(stopped)).toContain('<error message="the run was stopped"/>')
  const failed = { checks: [], verdict: 'fail' as const, reasons: ['a message is lost'] }
  expect(countsOf(suite(failed))).toBe('tests="1" failures="1" errors="0"')
  expect(suite(failed)).toContain('<failure message="a message is lost"/>')
})
