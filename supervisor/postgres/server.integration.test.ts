import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { type PostgresServer, startPostgres } from './server.ts'

const settings = ['fsync=off', 'shared_buffers=16MB']

let folder: string
let server: PostgresServer | undefined
beforeEach(async () => {
  folder = await temporaryFolder('postgres')
})
afterEach(async () => {
  await server?.stop('immediate')
  server = undefined
})

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return await client
    .query(sql)
    .then(
      (answer) => ('rows' in answer ? (answer.rows ?? []) : []),
      (error: { code: string }) => [error.code],
    )
    .finally(() => client.end())
}

describe('the role of the lab', () => {
  const rights = 'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user'
  const none = [{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]

  it('owns its database, and can neither become superuser nor reach files, programs or other databases', async () => {
    server = await startPostgres({ folder: join(folder, 'data'), port: 0, settings })
    const { url } = server
    expect(await ask(url, rights)).toEqual(none)
    expect(await ask(url, 'CREATE TABLE of_the_lab (a int)')).toEqual([])
    const forbidden = '42501'
    expect(await ask(url, 'ALTER ROLE faultline SUPERUSER')).toEqual([forbidden])
    expect(await ask(url, `COPY of_the_lab FROM PROGRAM 'id'`)).toEqual([forbidden])
    expect(await ask(url, `SELECT pg_read_file('/etc/passwd')`)).toEqual([forbidden])
    const other = new URL(url)
    other.pathname = '/postgres'
    await expect(ask(other.href, 'SELECT 1')).rejects.toMatchObject({ code: forbidden })
  })

  it('is made one in the cluster of an earlier version, which keeps its rows and its password', async () => {
    const data = join(folder, 'data')
    server = await startPostgres({ folder: data, port: 0, settings })
    // As it was: the superuser is called faultline, and owns what the lab made.
    const before = new URL(server.url)
    await ask(
      server.url,
      "CREATE TABLE mails (position bigserial PRIMARY KEY, kind text); CREATE TYPE mood AS ENUM ('a'); CREATE SEQUENCE alone; INSERT INTO mails (kind) VALUES ('kept')",
    )
    await ask(
      server.adminUrl,
      `BEGIN;
       CREATE ROLE other SUPERUSER;
       ALTER TABLE mails OWNER TO faultline_admin; ALTER TYPE mood OWNER TO faultline_admin; ALTER SEQUENCE alone OWNER TO faultline_admin;
       ALTER DATABASE faultline OWNER TO faultline_admin;
       DROP ROLE faultline;
       SET LOCAL SESSION AUTHORIZATION other;
       ALTER ROLE faultline_admin RENAME TO faultline;
       ALTER ROLE faultline PASSWORD '${before.password}';
       RESET SESSION AUTHORIZATION;
       DROP ROLE other;
       COMMIT;`,
    )
    await server.stop()
    rmSync(join(data, 'faultline-admin-password'))

    for (const start of ['the first', 'the second']) {
      server = await startPostgres({ folder: data, port: 0, settings })
      expect(new URL(server.url).password, start).toBe(before.password)
      expect(await ask(server.url, rights), start).toEqual(none)
      expect(await ask(server.url, 'SELECT kind FROM mails'), start).toEqual([{ kind: 'kept' }])
      expect(
        await ask(
          server.url,
          `INSERT INTO mails (kind) VALUES ('more') RETURNING position; DELETE FROM mails WHERE kind = 'more'`,
        ),
      ).not.toContain('42501')
      expect(
        await ask(
          server.url,
          `ALTER TABLE mails ADD COLUMN IF NOT EXISTS more int; ALTER TYPE mood ADD VALUE IF NOT EXISTS 'b'`,
        ),
      ).not.toContain('42501')
      await server.stop()
    }
    server = undefined
  })
})

describe.skipIf(process.getuid?.() !== 0)('started by root', () => {
  /** A folder as /root is: nobody but root may enter it. */
  function closed(): string {
    const path = join(folder, 'root-only')
    mkdirSync(path, { mode: 0o700 })
    chmodSync(path, 0o700)
    return path
  }

  it('runs with data folder and binaries below a folder that only root may enter', async () => {
    const home = closed()
    const { postgres } = await findBinaries()
    const native = dirname(dirname(postgres))
    await cp(native, join(home, 'native'), { recursive: true, verbatimSymlinks: true })
    const bin = (name: string) => join(home, 'native', 'bin', name)
    const data = join(home, '.faultline', 'postgres')
    mkdirSync(dirname(data), { mode: 0o700 })
    server = await startPostgres({
      ...{ folder: data, port: 0, settings },
      binaries: { initdb: bin('initdb'), postgres: bin('postgres') },
    })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((statSync(home).mode & 0o777).toString(8)).toBe('700')
    expect((statSync(dirname(data)).mode & 0o777).toString(8)).toBe('700')
    const account = serverAccount()
    expect(readdirSync(data).every((name) => statSync(join(data, name)).uid === account?.uid)).toBe(true)
    await server.stop()
    server = await startPostgres({ folder: data, port: 0, settings })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('opens the lab’s own folder to the account’s group where nothing lets it through closed ones', async () => {
    const own = join(folder, 'own')
    mkdirSync(own, { mode: 0o700 })
    chmodSync(folder, 0o755)
    const path = process.env.PATH
    const empty = join(folder, 'bin')
    mkdirSync(empty)
    await writeFile(join(empty, 'setpriv'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    process.env.PATH = `${empty}:${path}`
    try {
      server = await startPostgres({ folder: join(own, 'postgres'), port: 0, settings, ours: [own] })
    } finally {
      process.env.PATH = path
    }
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((statSync(own).mode & 0o777).toString(8)).toBe('710')
  })
})
