import { describe, expect, it } from 'vitest'
import type { DeadLetterMetadata } from '#workers/broker/dead-letter-metadata.ts'
import type { DeadLetter, RedriveRequest } from '#workers/broker/dead-letters.ts'
import { openTestApi } from './fixtures/test-api.ts'

const signup = { email: 'ada@example.com' }
const note = (group: string, message: string): DeadLetterMetadata => ({
  ...{
    topic: 'user_signup',
    group,
    attempts: 4,
    receiveCount: 4,
    reason: 'max_attempts',
    at: Date.parse('2026-01-02T03:00:00Z'),
  },
  error: { type: 'SmtpBusy', message, stack: 'SmtpBusy: at x' },
})
const letter = (group: string, seq: number, over: Partial<DeadLetter> = {}): DeadLetter => ({
  ref: `ref-${seq}`,
  body: JSON.stringify(signup),
  headers: {
    ce_id: `producer-1:1:user_signup:${seq}`,
    ce_type: 'user_signup',
    ce_specversion: '1.0',
    ce_dataversion: '1',
  },
  note: note(group, `mailbox ${seq} is busy`),
  at: Date.parse('2026-01-02T03:00:00Z') + seq,
  ...over,
})

/** Two of consumer-email with one cause, one of consumer-db, and one whose bytes are not an event. */
async function open() {
  const { app, world } = await openTestApi()
  const standing: Record<string, DeadLetter[]> = {
    'consumer-email': [letter('consumer-email', 1), letter('consumer-email', 2)],
    'consumer-db': [letter('consumer-db', 3), { ref: 'raw', body: '{ no', headers: {}, at: 9 }],
  }
  const sent: { group: string; requests: readonly RedriveRequest[] }[] = []
  world.deadLetters = {
    list: async (group, limit) => ({
      letters: (standing[group] ?? []).slice(0, limit),
      more: (standing[group] ?? []).length > limit,
    }),
    async redrive(group, requests) {
      sent.push({ group, requests })
      const refs = requests.map(({ ref }) => ref)
      standing[group] = (standing[group] ?? []).filter(({ ref }) => !refs.includes(ref))
      return refs.map(() => ({ state: 'redriven' as const }))
    },
    async discard(group, refs) {
      standing[group] = (standing[group] ?? []).filter(({ ref }) => !refs.includes(ref))
      return refs.map(() => ({ state: 'discarded' as const }))
    },
  }
  const redrive = async (payload: object) =>
    (await app.inject({ method: 'POST', url: '/api/dead-letters/redrive', payload })).json()
  const ended = async (id: string) => {
    for (;;) {
      const run = (await app.inject(`/api/dead-letters/redrives/${id}`)).json()
      if (run.endedAt !== undefined) return run
    }
  }
  const discard = async (payload: object) =>
    (await app.inject({ method: 'POST', url: '/api/dead-letters/discard', payload })).json()
  return { app, world, sent, standing, redrive, discard, ended }
}

describe('GET /api/dead-letters', () => {
  it('shows what the broker holds, newest first, by cause', async () => {
    const { app } = await open()
    const { items, causes } = (await app.inject('/api/dead-letters')).json()
    expect(items.map(({ id }: { id: string }) => id)).toEqual([
      'consumer-db/ref-3',
      'consumer-email/ref-2',
      'consumer-email/ref-1',
      'consumer-db/raw',
    ])
    expect(items[1]).toMatchObject({
      messageId: 'producer-1:1:user_signup:2',
      ...{ type: 'user_signup', group: 'consumer-email', reason: 'max_attempts', attempts: 4, payload: signup },
      error: { type: 'SmtpBusy', stack: 'SmtpBusy: at x' },
    })
    expect(items[3]).toMatchObject({ raw: '{ no', error: { type: 'TooManyReceives' } })
    expect(items[3]).not.toHaveProperty('payload')
    expect(causes[0]).toMatchObject({
      group: 'consumer-email',
      count: 2,
      errorType: 'SmtpBusy',
      message: 'mailbox … is busy',
      reasons: ['max_attempts'],
    })
    const { items: ofCause } = (await app.inject(`/api/dead-letters?cause=${causes[0].key}`)).json()
    expect(ofCause).toHaveLength(2)
  })

  it('refuses a group that there is not', async () => {
    const { app } = await open()
    expect((await app.inject('/api/dead-letters?group=nobody')).json()).toMatchObject({
      status: 404,
      code: 'unknown_consumer',
    })
  })
})

describe('POST /api/dead-letters/redrive', () => {
  it('says in a dry run who runs again and what may be duplicated, and does nothing', async () => {
    const { sent, world, redrive } = await open()
    expect(await redrive({ all: true, dryRun: true })).toMatchObject({
      ...{ state: 'dry_run', selected: 4, willRun: ['consumer-db', 'consumer-email'] },
      selectedByGroup: { 'consumer-db': 2, 'consumer-email': 2 },
      mayDuplicate: [{ group: 'consumer-email', count: 2 }],
      wouldFail: [{ group: 'consumer-db', count: 1, ids: ['consumer-db/raw'] }],
    })
    expect([sent, world.reported]).toEqual([[], []])
  })

  it('sends a cause back to its group alone, and writes the journal around it', async () => {
    const { app, sent, world, redrive, ended } = await open()
    const [cause] = (await app.inject('/api/dead-letters')).json().causes
    const { id } = await redrive({ cause: cause.key })
    expect(await ended(id)).toMatchObject({ state: 'done', selected: 2, redriven: 2 })
    expect(sent.map(({ group, requests }) => [group, requests.map(({ ref }) => ref)])).toEqual([
      ['consumer-email', ['ref-1', 'ref-2']],
    ])
    const ids = ['producer-1:1:user_signup:1', 'producer-1:1:user_signup:2']
    expect(world.reported).toMatchObject([
      { kind: 'delivery.redriven', phase: 'sending', group: 'consumer-email', ids },
      { kind: 'delivery.redriven', phase: 'stored', group: 'consumer-email', ids },
    ])
  })

  it('sends edited data in a new trace, once it is right by the schema', async () => {
    const { sent, redrive, ended } = await open()
    const ids = ['consumer-db/ref-3']
    expect(await redrive({ ids, payload: { email: 'nobody' } })).toMatchObject({
      ...{ status: 400, code: 'schema_violation' },
      errors: [{ path: '/payload/email' }],
    })
    const { id } = await redrive({ ids, payload: { email: 'grace@example.com' } })
    await ended(id)
    expect(sent[0]?.requests[0]).toMatchObject({
      body: '{"email":"grace@example.com"}',
      headers: { ce_dataversion: '1', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/) },
    })
  })

  it('shows and sends numbers as they are written', async () => {
    const { app, world, sent, ended } = await open()
    const data = '{"email":"ada@example.com","id":820000000000000508,"sum":1.10,"all":[1e400,-0]}'
    const schema = { type: 'object' }
    const example = { email: 'a' }
    await app.inject({ method: 'POST', url: '/api/event-types', payload: { name: 'free_form', schema, example } })
    const headers = { ce_id: 'producer-1:1:free_form:5', ce_type: 'free_form', ce_specversion: '1.0' }
    const { list } = world.deadLetters
    world.deadLetters.list = async (group, limit) =>
      group === 'consumer-db'
        ? { letters: [letter(group, 5, { body: data, headers })], more: false }
        : list(group, limit)
    expect((await app.inject('/api/dead-letters?group=consumer-db')).payload).toContain(`"payload":${data},`)
    const { id } = (
      await app.inject({
        ...{ method: 'POST', url: '/api/dead-letters/redrive', headers: { 'content-type': 'application/json' } },
        payload: `{"ids":["consumer-db/ref-5"],"payload":${data}}`,
      })
    ).json()
    await ended(id)
    expect(sent[0]?.requests[0]?.body).toBe(data)
  })

  it('makes the same change in all that are chosen, and remembers it for each message', async () => {
    const { app, redrive, ended, sent } = await open()
    const change = { email: 'grace@example.com' }
    expect(await redrive({ group: 'consumer-email', change, dryRun: true })).toMatchObject({
      selected: 2,
      wouldFail: [],
    })
    const { id } = await redrive({ group: 'consumer-email', change })
    expect(await ended(id)).toMatchObject({ state: 'done', redriven: 2 })
    const bodies = sent.flatMap(({ requests }) => requests.map(({ body }) => body))
    expect(bodies).toEqual(['{"email":"grace@example.com"}', '{"email":"grace@example.com"}'])
    const { items } = (await app.inject('/api/messages/producer-1:1:user_signup:2/redrives')).json()
    expect(items).toMatchObject([{ group: 'consumer-email', redriveId: id, body: '{"email":"grace@example.com"}' }])
  })

  it.each([
    ['no choice', {}, 400, 'invalid_body', ''],
    ['two choices', { all: true, group: 'consumer-db' }, 400, 'invalid_body', ''],
    ['what is not an id', { ids: ['x'] }, 400, 'invalid_body', '/ids/0'],
    ['one that is gone', { ids: ['consumer-db/gone'] }, 409, 'nothing_to_redrive', undefined],
    ['a cause that there is not', { cause: 'none' }, 409, 'nothing_to_redrive', undefined],
    ['a group that there is not', { group: 'nobody' }, 404, 'unknown_consumer', undefined],
    [
      'a change that does not fit',
      { group: 'consumer-email', change: { email: 'nobody' } },
      400,
      'schema_violation',
      '/change/email',
    ],
    [
      'a change of what is not an event',
      { group: 'consumer-db', change: { name: 'x' } },
      400,
      'schema_violation',
      '/change',
    ],
    [
      'a change and a payload',
      { ids: ['consumer-email/ref-1'], change: {}, payload: signup },
      400,
      'invalid_body',
      '/change',
    ],
    ['one payload for many', { group: 'consumer-email', payload: signup }, 400, 'invalid_body', '/payload'],
    ['a payload of no known type', { ids: ['consumer-db/raw'], payload: {} }, 400, 'invalid_body', '/payload'],
    ['a canary that cannot be followed', { ids: ['consumer-db/raw'], canary: 1 }, 400, 'invalid_body', '/canary'],
    ['a rate of nothing', { all: true, ratePerSecond: 0 }, 400, 'invalid_body', '/ratePerSecond'],
  ])('refuses %s and changes nothing', async (_name, payload, status, code, path) => {
    const { sent, redrive } = await open()
    const problem = await redrive(payload)
    expect(problem).toMatchObject({ status, code })
    if (path !== undefined) expect(problem.errors[0].path).toBe(path)
    expect(sent).toEqual([])
  })

  it('stops on demand', async () => {
    const { app, sent, redrive } = await open()
    const { id } = await redrive({ all: true, ratePerSecond: 0.5 })
    const stopped = (await app.inject({ method: 'DELETE', url: `/api/dead-letters/redrives/${id}` })).json()
    expect(stopped).toMatchObject({ state: 'stopped', selected: 4 })
    expect(sent.length).toBeLessThan(4)
  })
})

describe('paging', () => {
  it('leads to every letter, also beyond the 1,000 of one look', async () => {
    const { app, standing } = await open()
    standing['consumer-email'] = Array.from({ length: 2_300 }, (_, seq) => letter('consumer-email', seq + 10))
    const seen: string[] = []
    let pages = 0
    for (let query = '?limit=400'; query !== ''; pages += 1) {
      const { items, nextCursor, incomplete } = (await app.inject(`/api/dead-letters${query}`)).json()
      seen.push(...items.map(({ id }: { id: string }) => id))
      expect(incomplete.length > 0).toBe(pages < 6)
      query = nextCursor === undefined ? '' : `?limit=400&cursor=${nextCursor}`
    }
    expect(new Set(seen).size).toBe(2_302)
    expect(seen).toHaveLength(2_302)
    for (const cursor of ['x', '0', '20.0', '-1.0', '0.0.0'])
      expect((await app.inject(`/api/dead-letters?cursor=${cursor}`)).json()).toMatchObject({ code: 'invalid_cursor' })
  })
})

describe('POST /api/dead-letters/discard', () => {
  const ids = ['consumer-email/ref-1', 'consumer-db/raw', 'consumer-db/none']

  it('says what it would remove, and removes nothing without a count', async () => {
    const { discard, standing } = await open()
    expect(await discard({ ids })).toMatchObject({
      ...{ state: 'dry_run', selected: 2, discarded: 0, gone: 1 },
      selectedByGroup: { 'consumer-email': 1, 'consumer-db': 1 },
    })
    expect(await discard({ ids, confirm: 3 })).toMatchObject({ code: 'invalid_body', errors: [{ path: '/confirm' }] })
    expect([standing['consumer-email']?.length, standing['consumer-db']?.length]).toEqual([2, 2])
  })

  it('removes those that are named, and no other', async () => {
    const { app, discard, standing } = await open()
    expect(await discard({ ids, confirm: 2 })).toMatchObject({ state: 'done', discarded: 2, failed: 0, gone: 1 })
    expect(standing['consumer-email']?.map(({ ref }) => ref)).toEqual(['ref-2'])
    expect(standing['consumer-db']?.map(({ ref }) => ref)).toEqual(['ref-3'])
    expect((await app.inject('/api/event-log')).json().items).toMatchObject([
      { kind: 'redrive', level: 'warn', message: '1 dead letter of consumer-db was discarded' },
      { kind: 'redrive', message: '1 dead letter of consumer-email was discarded' },
    ])
    expect(await discard({ ids: ids.slice(0, 1), confirm: 0 })).toMatchObject({ state: 'done', discarded: 0, gone: 1 })
  })

  it('takes names only', async () => {
    const { discard } = await open()
    for (const body of [{}, { all: true }, { ids: [] }, { ids: ['nonsense'] }, { group: 'consumer-db' }])
      expect(await discard(body)).toMatchObject({ code: 'invalid_body' })
  })
})
