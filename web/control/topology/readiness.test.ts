import { expect, it } from 'vitest'
import { readinessOf } from './readiness.ts'

it('a database that answers and whose stored lab cannot be read says why', () => {
  const of = (up: boolean, loadProblem?: string) =>
    readinessOf({
      declaration: { services: [] },
      parts: [{ name: 'database', up, ...(up ? {} : { problem: 'the database does not answer' }) }],
      ...{ services: [], stored: { loaded: () => false, loadProblem: () => loadProblem } },
    })
  const database = { name: 'database', ready: false, required: true }
  expect(of(true)).toEqual([{ ...database, detail: 'the stored lab is being read' }])
  const lacks = 'the database still lacks 0002_second'
  expect(of(true, lacks)).toEqual([{ ...database, detail: `the stored lab cannot be read: ${lacks}` }])
  expect(of(false, lacks)).toEqual([{ ...database, detail: 'the database does not answer' }])
})
