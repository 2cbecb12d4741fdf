import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SegmentUses } from './segment-uses.ts'

test('counts as a plain table of counts does, whatever is retained and released in whatever order', () => {
  const step = fc.record({ retains: fc.boolean(), segment: fc.integer({ min: 1, max: 3 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const uses = new SegmentUses()
      const counts = new Map<number, number>()
      for (const { retains, segment } of steps) {
        const known = counts.get(segment) ?? 0
        if (retains) uses.retain(segment)
        else uses.release(segment)
        counts.set(segment, retains ? known + 1 : Math.max(0, known - 1))
        for (const [each, count] of counts) expect(uses.has(each)).toBe(count > 0)
      }
    }),
  )
})
