import { describe, expect, test } from 'vitest'
import type { DeadLetterItem, Redrive, Redriven } from '#contracts/api/dead-letter.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { RedriveOutcome } from '#workers/broker/dead-letters.ts'
import { type Fate, type RunSources, requestFor, runRedrive } from './redrive-run.ts'

const startedAt = '2026-01-01T00:00:00.000Z'
const start: Redrive = {
  ...{ id: 'redrive-1', state: 'running', broker: 'local', selected: 0, willRun: [], selectedByGroup: {} },
  ...{ wouldFail: [], mayDuplicate: [] },
  ...{ redriven: 0, copied: 0, failed: 0, gone: 0, refailed: 0, startedAt },
}
const letter = (seq: number, at = startedAt): DeadLetterItem => ({
  ...{ id: `consumer-db/${seq}`, messageId: `producer-1:1:order_placed:${seq}`, type: 'order_placed' },
  ...{ topic: 'order_placed', group: 'consumer-db', error: { type: 'E', message: 'm' }, attempts: 4, receiveCount: 4 },
  ...{ raw: '{}', headers: {}, at, cause: 'c' },
})

/** A broker that holds `items`, and everything that was done with it, in order. */
function world(items: DeadLetterItem[], over: Partial<RunSources> = {}) {
  const standing = new Map(items.map((item) => [item.id, item]))
  const log: string[] = []
  const remembered: Redriven[] = []
  const states: string[] = []
  let at = Date.parse(startedAt)
  const outcome: (ref: string) => RedriveOutcome = (ref) =>
    standing.delete(`consumer-db/${ref}`) ? { state: 'redriven' } : { state: 'gone' }
  const sources: RunSources = {
    deadLetters: () => ({
      list: () => Promise.reject(new Error('not asked')),
      redrive: async (_group, requests) => {
        log.push(`send ${requests.map(({ ref }) => ref).join(' ')}`)
        return requests.map(({ ref }) => outcome(ref))
      },
      discard: () => Promise.reject(new Error('not asked')),
    }),
    broker: () => 'local',
    choose: async () => ({ items: [...standing.values()], more: false }),
    requestOf: async (item) => requestFor(item, {}),
    report: (records: TelemetryRecord[]) => {
      for (const record of records) {
        if (record.kind === 'delivery.redriven') log.push(`${record.phase} ${record.ids.length}`)
      }
    },
    fate: () => 'delivered',
    remember: (redriven) => remembered.push(...redriven),
    changed: ({ state }) => states.push(state),
    now: () => at,
    async sleep(ms) {
      log.push(`sleep ${Math.round(ms)}`)
      at += ms
    },
    ...over,
  }
  return { sources, log, states, standing, remembered }
}
const run = (sources: RunSources, change: Partial<Redrive> = {}, signal = new AbortController().signal) =>
  runRedrive({ ...start, ...change }, sources, signal)

describe('a redrive', () => {
  test('writes the journal before it sends and after the originals are gone', async () => {
    const { sources, log } = world(Array.from({ length: 12 }, (_, index) => letter(index + 1)))
    expect(await run(sources)).toMatchObject({ state: 'done', selected: 12, redriven: 12 })
    expect(log).toEqual(['sending 10', 'send 1 2 3 4 5 6 7 8 9 10', 'stored 10', 'sending 2', 'send 11 12', 'stored 2'])
  })

  test('remembers what was stored, with its edited body', async () => {
    const { sources, standing, remembered } = world([letter(1), letter(2)], {
      requestOf: async (item) => requestFor(item, { body: `{"edited":"${item.id}"}` }),
      choose: async () => ({ items: [letter(1), letter(2)], more: false }),
    })
    standing.delete('consumer-db/2')
    await run(sources)
    expect(remembered).toEqual([
      {
        ...{ messageId: 'producer-1:1:order_placed:1', group: 'consumer-db', redriveId: 'redrive-1', at: startedAt },
        body: '{"edited":"consumer-db/1"}',
      },
    ])
  })

  test('reports how many without an identity went back, and no more than those', async () => {
    const { messageId: _, ...foreign } = { ...letter(1), reason: 'max_attempts' as const }
    // The broker moved it by itself, so nobody counted it; the next one is the lab's own, with a body that nobody can read.
    const { messageId: __, ...moved } = letter(2)
    const broken = { ...letter(3), reason: 'undecodable' as const }
    const reported: TelemetryRecord[] = []
    const { sources } = world([foreign, moved, broken], { report: (records) => void reported.push(...records) })
    expect(await run(sources)).toMatchObject({ state: 'done', redriven: 3 })
    expect(reported).toMatchObject([
      { phase: 'sending', ids: [broken.messageId] },
      { phase: 'stored', ids: [broken.messageId], unnamed: 1, broker: 'local' },
    ])
    expect(reported[0]).not.toHaveProperty('unnamed')
  })

  test('sends nothing that the journal did not take', async () => {
    const { sources, log } = world([letter(1)], {
      report: () => {
        throw new Error('the disk is full')
      },
    })
    expect(await run(sources)).toMatchObject({ state: 'failed', detail: 'the disk is full', redriven: 0 })
    expect(log).toEqual([])
  })

  test('keeps its rate', async () => {
    const { sources, log } = world([letter(1), letter(2), letter(3), letter(4)])
    await run(sources, { ratePerSecond: 8 })
    expect(log.filter((line) => !/ing|stored/.test(line))).toEqual(['send 1 2', 'sleep 250', 'send 3 4', 'sleep 250'])
  })

  test('leaves alone what failed again since it began', async () => {
    const { sources, log } = world([letter(1), letter(2, '2026-01-01T00:00:01.000Z')])
    expect(await run(sources)).toMatchObject({ state: 'done', selected: 1 })
    expect(log).toContain('send 1')
  })

  test('tries none twice that the broker did not take', async () => {
    const failed: RedriveOutcome = { state: 'failed', error: { type: 'Timeout', message: 'no answer' } }
    let looks = 0
    const { sources, log } = world([letter(1), letter(2)], {
      choose: async () => {
        looks += 1
        return { items: [letter(1), letter(2)], more: true }
      },
      deadLetters: () => ({
        list: () => Promise.reject(new Error('not asked')),
        redrive: async (_group, requests) => requests.map(() => failed),
        discard: () => Promise.reject(new Error('not asked')),
      }),
    })
    expect(await run(sources)).toMatchObject({ state: 'done', failed: 2, redriven: 0, detail: 'no answer' })
    expect([looks, log]).toEqual([2, ['sending 2']])
  })
})

describe('a canary', () => {
  const waits = (fates: Fate[]) => () => fates.shift() ?? 'delivered'

  test('is awaited, and the rest follows when it was delivered', async () => {
    const { sources, log, states } = world([letter(1), letter(2), letter(3)], { fate: waits(['open', 'delivered']) })
    expect(await run(sources, { canary: 1 })).toMatchObject({ state: 'done', redriven: 3, refailed: 0 })
    expect(log).toEqual(['sending 1', 'send 1', 'stored 1', 'sleep 250', 'sending 2', 'send 2 3', 'stored 2'])
    expect(states).toContain('awaiting_canary')
  })

  test('that fails again stops the rest', async () => {
    const { sources, standing } = world([letter(1), letter(2), letter(3)], {
      fate: waits(['delivered', 'dead_lettered']),
    })
    expect(await run(sources, { canary: 2 })).toMatchObject({ state: 'stopped', redriven: 2, refailed: 1 })
    expect([...standing.keys()]).toEqual(['consumer-db/3'])
  })

  test('can be stopped while it is awaited', async () => {
    const stop = new AbortController()
    const { sources } = world([letter(1), letter(2)], { fate: () => 'open', sleep: async () => stop.abort() })
    expect(await run(sources, { canary: 1 }, stop.signal)).toMatchObject({ state: 'stopped', redriven: 1 })
  })
})
