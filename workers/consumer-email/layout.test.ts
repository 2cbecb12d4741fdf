import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapedBytes, escapeHtml, mailHtml } from './html.ts'
import { bytesOfFact, bytesOfParagraphs, facts, layout, paragraphs } from './layout.ts'

const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n\n', '\n\n\n\n', '<&>"\'', 'é')), { maxLength: 8 })
  .map((parts) => parts.join(''))

test('HTML is never larger than it was measured to become, and hardly smaller', () => {
  fc.assert(
    fc.property(text, text, (title, body) => {
      expect(escapedBytes(body)).toBe(Buffer.byteLength(escapeHtml(body)))
      const made = Buffer.byteLength(layout(title, mailHtml`${paragraphs(body)}`))
      const blankLines = body.match(/\n{2,}/g) ?? []
      expect(bytesOfParagraphs(title, body)).toBeGreaterThanOrEqual(made)
      expect(bytesOfParagraphs(title, body) - made).toBeLessThanOrEqual(100 * (blankLines.length + 1) + body.length)
    }),
  )
})

test('a row of names and values has the bytes that it was measured to have', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (rows) => {
      const measured = rows.reduce((sum, [name, value]) => sum + bytesOfFact(name, value), 0)
      expect(Buffer.byteLength(facts(rows).markup) - Buffer.byteLength(facts([]).markup)).toBe(measured)
    }),
  )
})
