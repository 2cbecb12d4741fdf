import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '#prisma/migrate.ts'
import { startPostgres } from '../supervisor/postgres/server.ts'

export interface TestPostgres {
  /** Of a migrated database that nobody else uses. */
  url: string
  stop(): Promise<void>
}

export interface TestPostgresOptions {
  /** `false` leaves the database empty. Default true. */
  migrated?: boolean
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

/** A database of its own on the server that `FAULTLINE_TEST_DATABASE_URL` names. */
async function onGivenServer(server: string): Promise<TestPostgres> {
  const name = `faultline_test_${randomUUID().replaceAll('-', '')}`
  await execute(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}

/** A real PostgreSQL in a folder under the system's temporary one, on a free port; it ends with this process. */
async function onOwnServer(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-postgres-'))
  // The server's account, which is not root, must pass through.
  await chmod(folder, 0o755)
  const settings = ['fsync=off', 'shared_buffers=32MB', 'max_connections=100']
  const server = await startPostgres({ folder: join(folder, 'data'), port: 0, settings })
  // The schema engine compares with a database of its own.
  await execute(server.adminUrl, 'ALTER ROLE faultline CREATEDB')
  // A test decides which side of a deadlock is ended.
  await execute(server.adminUrl, 'GRANT SET ON PARAMETER deadlock_timeout TO faultline')
  const stop = async () => {
    await server.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  }
  return { url: server.url, stop }
}

/** A real database for a test, migrated. Every caller gets its own, so that tests run side by side. */
export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const given = process.env.FAULTLINE_TEST_DATABASE_URL
  const database = given === undefined || given === '' ? await onOwnServer() : await onGivenServer(given)
  if (options.migrated === false) return database
  try {
    await migrate(database.url)
    return database
  } catch (error) {
    await database.stop()
    throw error
  }
}
