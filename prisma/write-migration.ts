import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationList, noFilter, readMigrations } from './migration-files.ts'
import { withSchemaEngine } from './schema-engine.ts'

/**
 * The SQL that leads from the migrations in `folder` to the schema in `schemaFile`; empty if they agree. Works in a
 * database that it makes on the server at `url`, and drops it.
 */
export async function pendingSql(url: string, folder: string, schemaFile: string): Promise<string> {
  const content = await readFile(schemaFile, 'utf8')
  const migrations = await readMigrations(folder)
  const file = { path: schemaFile, content }
  const from =
    migrations.length === 0
      ? ({ tag: 'empty' } as const)
      : ({ tag: 'migrations', ...migrationList(folder, migrations) } as const)
  const difference = await withSchemaEngine(
    url,
    (engine) =>
      engine.diff({
        from,
        to: { tag: 'schemaDatamodel', files: [file] },
        script: true,
        exitCode: true,
        filters: noFilter,
      }),
    [schemaFile, content],
  )
  return difference.exitCode === 2 ? (difference.stdout ?? '') : ''
}

/** Writes the next migration, `<number>_<name>/migration.sql`, and says where; undefined if there is nothing to change. */
export async function writeMigration(
  url: string,
  folder: string,
  schemaFile: string,
  name: string,
): Promise<string | undefined> {
  const sql = await pendingSql(url, folder, schemaFile)
  if (sql === '') return undefined
  const last = (await readMigrations(folder)).at(-1)?.name ?? '0000'
  const number = String(Number.parseInt(last, 10) + 1).padStart(4, '0')
  const path = join(folder, `${number}_${name}`, 'migration.sql')
  await mkdir(join(folder, `${number}_${name}`), { recursive: true })
  await writeFile(path, sql)
  return path
}
