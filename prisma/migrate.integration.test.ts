import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestPostgres, type TestPostgres } from '../test/postgres.ts'
import { createPrisma } from './client.ts'
import { migrate, migrationsFolder } from './migrate.ts'
import { pendingSql } from './write-migration.ts'

const schema = join(dirname(fileURLToPath(import.meta.url)), 'schema.prisma')

describe('migrations', () => {
  let database: TestPostgres
  beforeAll(async () => {
    database = await startTestPostgres({ migrated: false })
  }, 60_000)
  afterAll(() => database.stop())

  it('lead to what schema.prisma says', async () => {
    expect(await pendingSql(database.url, migrationsFolder(), schema)).toBe('')
  })

  it('are applied once where several labs start at the same time, and not again', async () => {
    const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)])
    expect(applied.flat()).toContain('0001_init')
    expect(new Set(applied.flat()).size).toBe(applied.flat().length)
    expect(await migrate(database.url)).toEqual([])
  })

  it('give a database that the client can write to and read from', async () => {
    const prisma = createPrisma(database.url)
    await prisma.user.create({ data: { email: 'ada@example.com', messageId: 'm1' } })
    expect(await prisma.user.count()).toBe(1)
    await prisma.$disconnect()
  })
})
