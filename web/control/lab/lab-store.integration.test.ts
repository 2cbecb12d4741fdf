import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLab } from '#contracts/lab-file/default-lab.fixture.ts'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { newBurst } from '../publish/burst-figures.ts'
import { createBurstStore } from '../publish/burst-store.ts'
import { openCurrentLab } from './current-lab.ts'
import { initialLab, withEventType, withoutEventType } from './declared-lab.ts'
import { createEpochGrants } from './epoch-grants.ts'
import { createLabStore } from './lab-store.ts'

let postgres: TestPostgres
let prisma: PrismaClient
let folder: string

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 3 })
  folder = await temporaryFolder('registry')
})
afterAll(async () => {
  await prisma?.$disconnect()
  await postgres?.stop()
})

const initial = initialLab(defaultLab)
const invoice = {
  name: 'invoice_sent',
  version: 1,
  topic: 'billing',
  schema: { type: 'object' },
  example: { a: 1 },
  builtIn: false,
  email: { subject: 's', body: 'b' },
}

describe('an event type with numbers beyond 2^53', () => {
  it('comes back with every digit', async () => {
    const store = createLabStore(prisma)
    const exact = { schema: '{"type": "object", "maximum": 9223372036854775807}', example: '{"a": 820000000000000508}' }
    const long = {
      ...invoice,
      name: 'long_ids',
      schema: JSON.parse(exact.schema),
      example: JSON.parse(exact.example),
      exact,
    }
    const longer = withEventType(initial, long, [])
    await store.save(initial, longer)
    const stored = async () => (await store.load()).eventTypes.find(({ name }) => name === 'long_ids')
    expect((await stored())?.exact?.example).toBe(exact.example)
    expect((await stored())?.exact?.schema).toContain('9223372036854775807')
    expect(await stored()).toMatchObject({ schema: long.schema, example: long.example })
    const { exact: _, ...short } = { ...long, schema: {}, example: { a: 1 } }
    await store.save(longer, withEventType(initial, short, []))
    expect(await stored()).toEqual(short)
    await store.save(withEventType(initial, short, []), initial)
  })
})

describe('the stored lab', () => {
  it('comes back as it was, in this data folder and in another', async () => {
    const open = (path: string) =>
      openCurrentLab({
        path: join(folder, path),
        initial,
        store: createLabStore(prisma),
        log: pino({ level: 'silent' }),
      })
    const first = await open('one.json')
    await first.start()
    expect(first.lab()).toEqual(initial)
    await first.change((lab) => withEventType(lab, invoice, ['consumer-db']))
    const revision = first.revision()

    const again = await open('one.json')
    expect(again.lab()).toEqual(first.lab())
    expect(again.revision()).toBe(revision)
    await again.start()
    expect(again.revision()).toBe(revision)

    const elsewhere = await open('two.json')
    expect(elsewhere.lab()).toEqual(initial)
    await elsewhere.start()
    expect(elsewhere.lab()).toEqual(first.lab())
    expect(elsewhere.groupsOf('invoice_sent')).toEqual(['consumer-db'])

    await again.change((lab) => withoutEventType(lab, 'invoice_sent'))
    const last = await open('three.json')
    await last.start()
    expect(last.lab()).toEqual(initial)
    expect(again.revision()).toBeGreaterThan(revision)
  })
})

describe('epochs', () => {
  it('are granted once, whichever of file and database is lost', async () => {
    const store = createLabStore(prisma)
    const path = join(folder, 'epochs.json')
    const grants = createEpochGrants(path, store)
    const granted = await Promise.all(Array.from({ length: 10 }, () => grants.grant('producer-1')))
    expect(granted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await createEpochGrants(join(folder, 'lost.json'), store).grant('producer-1')).toBe(11)
    await prisma.producerEpoch.deleteMany()
    expect(await createEpochGrants(path, store).grant('producer-1')).toBe(11)
    const away = {
      lastEpochs: () => Promise.reject(new Error('away')),
      raiseEpochs: () => Promise.reject(new Error('away')),
    }
    expect(await createEpochGrants(path, away).grant('producer-1')).toBe(12)
    await expect(createEpochGrants(path, away).grant('producer-2')).rejects.toThrow('away')
    expect(await createEpochGrants(path, store).grant('producer-1')).toBe(13)
  })
})

describe('stored bursts', () => {
  it('are saved at start and end and listed newest first', async () => {
    const store = createBurstStore(prisma)
    // What the database does not take within JSON, it takes as text.
    const asked = { type: 'order_placed', count: 5, ratePerSecond: 1 }
    const input = { ...asked, data: String.raw`{"a":"\u0000\ud800"}` }
    const older = newBurst('burst-1', asked, new Date(1_000))
    await store.save(older, input)
    await store.save(newBurst('burst-2', asked, new Date(2_000)), input)
    await store.save({ ...older, state: 'done', acked: 5, endedAt: new Date(3_000).toISOString() })
    expect((await store.latest(10)).map(({ id, state }) => [id, state])).toEqual([
      ['burst-2', 'running'],
      ['burst-1', 'done'],
    ])
    expect(await store.find('burst-1')).toMatchObject({ acked: 5 })
    expect(await store.find('burst-3')).toBeUndefined()
  })
})
