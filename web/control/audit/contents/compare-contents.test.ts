import { expect, test } from 'vitest'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { consumers } from '../audit.fixture.ts'
import { openContentLab } from './content-lab.fixture.ts'
import type { ContentReader } from './content-reader.ts'

/** A store in which everything is as it should be; each question about mails takes `slowMs`. */
function slowStore() {
  let at = 0
  const asked: string[] = []
  const store = { slowMs: 0, asked, now: () => at }
  const reader: ContentReader = {
    async written(_, ids) {
      asked.push(...ids)
      return new Map()
    },
    present: async (_kind, _consumer, ids) => new Set(ids),
    rows: async () => new Map(),
    async *mails(ids) {
      at += store.slowMs
      yield ids.map((messageId) => ({ messageId, to: '', source: new Uint8Array(), receivedAt: 0 })).slice(0, 0)
    },
    templates: async () => new Map(),
  }
  return { store, reader }
}

test('what was compared before costs one group some of the time and the next one none of it', async () => {
  const { store, reader } = slowStore()
  const { delivered, compareAll } = openContentLab({} as PrismaClient, { contents: reader, now: store.now })
  for (let count = 0; count < 450; count += 1) await delivered('invoice', { count })
  expect(await compareAll()).toEqual(consumers.map(({ name }) => ({ group: name, compared: 450, notCompared: 0 })))
  store.asked.length = 0
  store.slowMs = 70_000
  const newest = await delivered('invoice', { count: 450 })
  expect(await compareAll()).toEqual(consumers.map(({ name }) => ({ group: name, compared: 451, notCompared: 0 })))
  expect(store.asked).toContain(newest)
})

test('of what was never compared an audit leaves what it has no time for, and the next ones go on with that', async () => {
  const { store, reader } = slowStore()
  store.slowMs = 70_000
  const { delivered, compareAll } = openContentLab({} as PrismaClient, { contents: reader, now: store.now })
  for (let count = 0; count < 450; count += 1) await delivered('invoice', { count })
  const group = 'consumer-email'
  expect(await compareAll()).toContainEqual({ group, compared: 200, notCompared: 250 })
  expect(await compareAll()).toContainEqual({ group, compared: 400, notCompared: 50 })
  expect(await compareAll()).toContainEqual({ group, compared: 450, notCompared: 0 })
})
