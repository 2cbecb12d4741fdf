import pg from 'pg'

/** Of one server: where it listens, and the passwords of its two roles. */
export interface RoleAccess {
  port: number
  /** Of `faultline`, whom the lab connects as: owner of its database and nothing else. */
  password: string
  /** Of the superuser, which the supervisor alone uses, to make the other. */
  adminPassword: string
}

/** The role and the database of the lab. */
const lab = 'faultline'
const admin = 'faultline_admin'

/** Where the lab finds its database. */
export function urlOf({ port, password }: Pick<RoleAccess, 'port' | 'password'>): string {
  return `postgresql://${lab}:${password}@127.0.0.1:${port}/${lab}`
}

/** The connection string of the superuser. */
export function adminUrlOf({ port, adminPassword }: Pick<RoleAccess, 'port' | 'adminPassword'>): string {
  return `postgresql://${admin}:${adminPassword}@127.0.0.1:${port}/${lab}`
}

/** SQLSTATE of a login that is refused: wrong password, or no such role. */
const refusals = ['28P01', '28000']
/** SQLSTATE: there is no such database. */
const noDatabase = '3D000'

/**
 * Makes the lab's role and database if they are absent. In the cluster of an earlier version, whose only role was the superuser
 * that the lab connected as, that one is renamed and its tables are handed to a new, ordinary one of the old name and password.
 */
export async function ensureRoles(access: RoleAccess): Promise<void> {
  const client = await connect(access, admin, access.adminPassword, 'postgres').catch(async (error: unknown) => {
    if (!refusals.includes(codeOf(error))) throw error
    await demote(access)
    return await connect(access, admin, access.adminPassword, 'postgres')
  })
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [lab])
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${lab} LOGIN PASSWORD '${access.password}'`)
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [lab])
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${lab} OWNER ${lab}`)
    await client.query(`REVOKE ALL ON DATABASE ${lab}, postgres, template1 FROM PUBLIC`)
  } finally {
    await client.end()
  }
}

/** A superuser may not rename itself, so that a third one does it; all of it or nothing. */
async function demote(access: RoleAccess): Promise<void> {
  const client = await connect(access, lab, access.password, lab).catch((error: unknown) => {
    if (codeOf(error) !== noDatabase) throw error
    return connect(access, lab, access.password, 'postgres')
  })
  const owned = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [lab])
  try {
    await client.query(`
      BEGIN;
      CREATE ROLE ${lab}_heir SUPERUSER;
      SET LOCAL SESSION AUTHORIZATION ${lab}_heir;
      ALTER ROLE ${lab} RENAME TO ${admin};
      ALTER ROLE ${admin} PASSWORD '${access.adminPassword}';
      CREATE ROLE ${lab} LOGIN PASSWORD '${access.password}';
      ${owned.rowCount === 0 ? '' : `ALTER DATABASE ${lab} OWNER TO ${lab};`}
      ${handOver}
      RESET SESSION AUTHORIZATION;
      DROP ROLE ${lab}_heir;
      COMMIT;`)
  } finally {
    await client.end()
  }
}

/** Everything outside PostgreSQL's own schemas. A sequence of a column follows its table. */
const handOver = `
  DO $$
  DECLARE statement text;
  BEGIN
    FOR statement IN
      SELECT format('ALTER SCHEMA %I OWNER TO ${lab}', nspname) FROM pg_namespace
        WHERE nspname !~ '^(pg_|information_schema$)' AND nspowner = '${admin}'::regrole
      UNION ALL
      SELECT format('ALTER TABLE %s OWNER TO ${lab}', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname !~ '^(pg_|information_schema$)' AND relkind IN ('r', 'p', 'v', 'm', 'f')
      UNION ALL
      SELECT format('ALTER SEQUENCE %s OWNER TO ${lab}', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname !~ '^(pg_|information_schema$)' AND relkind = 'S'
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO ${lab}', p.oid::regprocedure) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
        WHERE nspname !~ '^(pg_|information_schema$)'
      UNION ALL
      SELECT format('ALTER TYPE %s OWNER TO ${lab}', t.oid::regtype) FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
        WHERE nspname !~ '^(pg_|information_schema$)' AND typtype IN ('e', 'd')
    LOOP EXECUTE statement; END LOOP;
  END $$;`

async function connect({ port }: RoleAccess, user: string, password: string, database: string): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code)
