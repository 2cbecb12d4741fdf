import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const control = 'web/control'

/** Ids that test names of the control plane begin with: `L3 …`, or `L3 L5 …` where a test holds two. */
function quoted(): Set<string> {
  const tests = readdirSync(control, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'))
  const names = tests.flatMap((path) => [
    ...readFileSync(join(control, path), 'utf8').matchAll(/^\s*(?:'|(?:it|test|describe)\(\s*')((?:L\d+ )+)/gm),
  ])
  return new Set(names.flatMap(([, ids = '']) => ids.trim().split(' ')))
}

it('every rule of SPEC.md is quoted by a test, and every rule that is quoted exists', () => {
  const spec = readFileSync(join(control, 'ledger', 'SPEC.md'), 'utf8')
  const rules = [...spec.matchAll(/^- \*\*(L\d+)\*\* /gm)].map(([, id]) => id)
  expect(rules).toEqual(rules.map((_, index) => `L${index + 1}`))
  expect([...quoted()].sort()).toEqual([...rules].sort())
})
