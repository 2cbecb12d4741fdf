import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type Migration, migrationList, noFilter, readMigrations } from './migration-files.ts'

/** Held while migrating: two labs that start on one database at once apply each migration once. */
const migrationLock = 7_201_807_230

/** `prisma/migrations` of this checkout, found from the sources and from the built files alike. */
export function migrationsFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'prisma', 'migrations')
    if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) throw new Error(`No prisma/migrations above ${here}: check it out again`)
  }
}

async function alreadyApplied(client: pg.Client, migrations: Migration[]): Promise<boolean> {
  const table = await client.query<{ found: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`)
  if (table.rows[0]?.found !== true) return false
  const rows = await client.query<{ migration_name: string; checksum: string; done: boolean }>(
    'SELECT migration_name, checksum, finished_at IS NOT NULL AS done FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  if (rows.rows.some((row) => !row.done) || rows.rows.length !== migrations.length) return false
  const checksums = new Map(rows.rows.map((row) => [row.migration_name, row.checksum]))
  return migrations.every((migration) => checksums.get(migration.name) === migration.checksum)
}

/**
 * Brings the database at `url` to the newest migration and says which ones it applied. Where all are applied it costs
 * one query; the schema engine is loaded only for work. Concurrent calls on one database wait for each other.
 * Throws a sentence where a migration fails, or was edited after it had been applied.
 */
export async function migrate(url: string): Promise<string[]> {
  const folder = migrationsFolder()
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // The error reaches the caller through the query that fails; unheard, it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    if (await alreadyApplied(client, migrations)) return []
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    const { withSchemaEngine } = await import('./schema-engine.ts')
    return await withSchemaEngine(url, async (engine) => {
      const list = migrationList(folder, migrations)
      const history = await engine.diagnoseMigrationHistory({
        migrationsList: list,
        optInToShadowDatabase: false,
        filters: noFilter,
      })
      const edited = history.editedMigrationNames[0]
      if (edited !== undefined) {
        throw new Error(`Migration ${edited} was changed after this database had applied it: restore the file`)
      }
      const applied = await engine.applyMigrations({ migrationsList: list, filters: noFilter })
      return applied.appliedMigrationNames
    })
  } finally {
    // Ending the session gives the lock back.
    await client.end()
  }
}
