import type { PrismaClient } from '#prisma/generated/client.ts'
import { migrationsFolder } from '#prisma/migrate.ts'
import { readMigrations } from '#prisma/migration-files.ts'
import type { LabStore } from './lab-store.ts'

/**
 * The store, read only once the database has every migration of this version: web starts beside the database, and what is changed or
 * written by half of the tables would be wrong. Until then `load` rejects.
 */
export async function afterMigrations(store: LabStore, prisma: PrismaClient): Promise<LabStore> {
  const wanted = (await readMigrations(migrationsFolder())).map(({ name }) => name)
  return {
    ...store,
    async load() {
      const rows = await prisma.$queryRaw<{ migration_name: string }[]>`
        SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
      const applied = new Set(rows.map(({ migration_name }) => migration_name))
      const missing = wanted.filter((name) => !applied.has(name))
      if (missing.length > 0) throw new Error(`the database still lacks ${missing.join(', ')}`)
      return await store.load()
    },
  }
}
