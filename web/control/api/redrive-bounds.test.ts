import { expect, test } from 'vitest'
import { redriveIdsMax } from '#contracts/api/dead-letter.ts'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import { openTestApi } from './fixtures/test-api.ts'

const group = 'consumer-email'

/** A group with as many dead letters as a redrive can name, with names as long as those that SQS gives. */
async function open() {
  const { app, world } = await openTestApi()
  const letters = Array.from({ length: redriveIdsMax }, (_, seq): DeadLetter => {
    const ref = `6f1c0d0e-5d7b-4a53-9d4c-${String(seq).padStart(12, '0')}`
    const headers = { ce_id: `producer-1:1:user_signup:${seq}`, ce_type: 'user_signup' }
    return { ref, body: '{"email":"ada@example.com"}', headers, at: seq }
  })
  world.deadLetters = {
    ...world.deadLetters,
    list: async (of, limit) => ({ letters: of === group ? letters.slice(0, limit) : [], more: false }),
  }
  const redrive = async (body: object) =>
    (await app.inject({ method: 'POST', url: '/api/dead-letters/redrive', payload: { ...body, dryRun: true } })).json()
  return { redrive, ids: letters.map(({ ref }) => `${group}/${ref}`) }
}

test('a redrive takes as many names as can be looked at in a group, and not one more', async () => {
  const { redrive, ids } = await open()
  expect(await redrive({ ids })).toMatchObject({ state: 'dry_run', selected: redriveIdsMax })
  expect(await redrive({ ids: [...ids, `${group}/more`] })).toMatchObject({ code: 'invalid_body' })
})

test('a redrive takes no larger edit than an event may have, and no larger body than its names need', async () => {
  const { redrive, ids } = await open()
  const edit = { ids: ids.slice(0, 1), payload: { email: 'a'.repeat(262_144) } }
  expect(await redrive(edit)).toMatchObject({ code: 'too_large', detail: expect.stringContaining('258048') })
  const large = { ids: ['x'.repeat(2_097_152)] }
  expect(await redrive(large)).toMatchObject({ code: 'too_large', detail: expect.stringContaining('2097152') })
})
