import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPrisma } from '#prisma/client.ts'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts'
import { afterMigrations } from './after-migrations.ts'
import { createLabStore } from './lab-store.ts'

let postgres: TestPostgres
let prisma: PrismaClient

beforeAll(async () => {
  postgres = await startTestPostgres()
  prisma = createPrisma(postgres.url, { max: 1 })
})
afterAll(async () => {
  await prisma?.$disconnect()
  await postgres?.stop()
})

it('reads the stored lab only where every migration of this version is finished', async () => {
  const store = await afterMigrations(createLabStore(prisma), prisma)
  expect((await store.load()).eventTypes).toEqual([])

  await prisma.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0002_retry_policy_by_type'`
  await expect(store.load()).rejects.toThrow('the database still lacks 0002_retry_policy_by_type')
  await prisma.$executeRaw`UPDATE _prisma_migrations SET finished_at = now()`
  expect((await store.load()).eventTypes).toEqual([])

  await prisma.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = '0001_init'`
  await expect(store.load()).rejects.toThrow('0001_init')
  await prisma.$executeRaw`DROP TABLE _prisma_migrations`
  await expect(store.load()).rejects.toThrow()
})
