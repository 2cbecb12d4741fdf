import { expect, test } from 'vitest'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import { createDeadLetterService } from './dead-letter-service.ts'
import { choose, selectionOf } from './redrive-selection.ts'

const letter = (group: string, seq: number): DeadLetter => ({
  ...{ ref: String(seq), body: '{}', at: 1 },
  headers: { ce_id: `producer-1:1:order_placed:${seq}`, ce_type: 'order_placed', group },
})

test('a redrive of all chooses all at once, also where one answer of the list would not hold them', async () => {
  const standing = { 'consumer-db': 6_644, 'consumer-email': 3 }
  const groups = Object.keys(standing)
  const letterService = createDeadLetterService({
    broker: () => 'local',
    groups: () => groups,
    deadLetters: () => ({
      async list(group, limit) {
        const count = standing[group as keyof typeof standing]
        const letters = Array.from({ length: Math.min(count, limit) }, (_, index) => letter(group, index + 1))
        return { letters, more: count > limit }
      },
      redrive: () => Promise.reject(new Error('not asked')),
      discard: () => Promise.reject(new Error('not asked')),
    }),
  })
  const { items, more } = await choose(letterService, selectionOf({ all: true, dryRun: false }, groups))
  expect([items.length, more]).toEqual([6_647, false])
  expect((await letterService.list({ limit: 100 })).incomplete).toEqual(['consumer-db'])
})
