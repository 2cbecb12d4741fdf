import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrationsFolder } from '#prisma/migrate.ts'
import { writeMigration } from '#prisma/write-migration.ts'
import { startTestPostgres } from '../test/postgres.ts'

// `npm run migration -- add_phone`: writes what leads from the migrations to prisma/schema.prisma.
const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9_]{0,60}$/.test(name)) {
  console.error('Give the migration a name in small letters: npm run migration -- add_phone')
  process.exit(2)
}
const schema = join(dirname(fileURLToPath(import.meta.url)), '..', 'prisma', 'schema.prisma')
const database = await startTestPostgres({ migrated: false })
try {
  const path = await writeMigration(database.url, migrationsFolder(), schema, name)
  console.log(path === undefined ? 'The migrations agree with the schema: nothing to write.' : `Wrote ${path}`)
} finally {
  await database.stop()
}
