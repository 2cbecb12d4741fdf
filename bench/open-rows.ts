import pg from 'pg'

/** Reads a lab's database over one connection, and over another where that was lost: a server that is killed on purpose drops it. */
export function openRows(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => undefined)
  return {
    pool,
    /** The first row of the answer; an empty one if it has none. */
    one: async (sql: string, values: unknown[] = []): Promise<Record<string, string>> =>
      (await pool.query(sql, values)).rows[0] ?? {},
  }
}
