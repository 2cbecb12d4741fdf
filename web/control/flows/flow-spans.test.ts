import { expect, test } from 'vitest'
import type { Journey, ProgramSpan } from '#contracts/api/journey.ts'
import { boundSpans } from './flow-spans.ts'

const span: ProgramSpan = {
  ...{ spanId: '00000000000000aa', name: 'GET', kind: 'client', service: 'payment', startedAt: '2026-01-01T00:00:00Z' },
  ...{ tookMs: 1, state: 'unset', depth: 0, placedBy: 'parent', attributes: {} },
}
const journey = (id: string, spans: number): Journey => ({
  ...{ id, type: 'a', topic: 'a', broker: 'local', payload: {}, raw: '{}', headers: {}, logs: [] },
  publish: { state: 'acked', attemptedAt: '2026-01-01T00:00:00Z' },
  obligations: [
    {
      ...{ group: 'payment', state: 'delivered', receiveCount: 1 },
      attempts: [
        {
          ...{ attempt: 1, receiveCount: 1, instance: 'payment-1', startedAt: '2026-01-01T00:00:00Z', queueMs: 0 },
          ...(spans === 0 ? {} : { spans: Array.from({ length: spans }, () => span) }),
        },
      ],
    },
  ],
})

test('of the spans of a flow the first are answered, and the others counted', () => {
  const journeys = [journey('a', 3), journey('b', 0), journey('c', 4), journey('d', 2)]
  const bound = boundSpans(journeys, 5)
  expect(bound.map(({ obligations }) => obligations[0]?.attempts[0]?.spans?.length)).toEqual([
    3,
    undefined,
    2,
    undefined,
  ])
  expect(bound.map(({ spansLeftOut }) => spansLeftOut)).toEqual([undefined, undefined, 2, 2])
  expect(boundSpans(journeys)).toEqual(journeys)
})
