import { describe, expect, it } from 'vitest'
import { restAfter } from './viewer-pace.ts'

describe('the rest after a report', () => {
  it('is none where nobody feels the report', () => {
    expect(restAfter(3)).toBe(0)
    expect(restAfter(39)).toBe(0)
  })

  it('grows with what the report cost, and has an end', () => {
    expect(restAfter(50)).toBe(400)
    expect(restAfter(80)).toBe(500)
    expect(restAfter(10_000)).toBe(500)
  })
})
