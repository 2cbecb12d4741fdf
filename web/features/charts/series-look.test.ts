import { expect, test } from 'vitest'
import { looksOf } from './series-look.ts'

test('a group looks the same in every chart, also when another one joins', () => {
  const alone = looksOf(['consumer-db', 'consumer-email'])
  const joined = looksOf(['consumer-audit', 'consumer-db', 'consumer-email'])
  for (const group of ['consumer-db', 'consumer-email', undefined]) expect(joined(group)).toEqual(alone(group))
  expect(alone('consumer-email')).toEqual({ stroke: 'var(--series-1)' })
  const looks = ['consumer-audit', 'consumer-db', 'consumer-email', undefined].map((group) =>
    JSON.stringify(joined(group)),
  )
  expect(new Set(looks).size).toBe(4)
})
