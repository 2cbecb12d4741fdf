import { openRows } from './open-rows.ts'

/** What the effect store holds: a witness that no process of the pipe speaks for. */
export interface Witness {
  /** Rows and mails since `mark`, at most once per message. */
  effectsSince(mark: Mark): Promise<{ rows: number; mails: number }>
  mark(): Promise<Mark>
  /** Mails since `mark` of a message that has more than one. */
  duplicatesSince(mark: Mark): Promise<number>
  /** Messages with a row, and mails per message, among those whose id has the prefix. */
  effectsOf(ids: readonly string[]): Promise<{ missingRows: number; missingMails: number; duplicateMails: number }>
  /** Milliseconds from publishing to the later of both effects, for each of the ids. */
  latencies(published: ReadonlyMap<string, number>): Promise<number[]>
  /** Milliseconds from publishing to the first mail, for each of the ids that has one. */
  mailLatencies(published: ReadonlyMap<string, number>): Promise<number[]>
  close(): Promise<void>
}

export interface Mark {
  inbox: bigint
  mails: bigint
}

export function openWitness(url: string): Witness {
  const { pool, one } = openRows(url)

  return {
    async mark() {
      const row = await one(
        'SELECT (SELECT coalesce(max(position), 0) FROM inbox) AS inbox, (SELECT coalesce(max(position), 0) FROM mails) AS mails',
      )
      return { inbox: BigInt(row.inbox ?? 0), mails: BigInt(row.mails ?? 0) }
    },
    async effectsSince(mark) {
      const row = await one(
        `SELECT (SELECT count(*) FROM inbox WHERE position > $1) AS rows,
                (SELECT count(DISTINCT message_id) FROM mails WHERE position > $2) AS mails`,
        [mark.inbox.toString(), mark.mails.toString()],
      )
      return { rows: Number(row.rows), mails: Number(row.mails) }
    },
    async duplicatesSince({ mails }) {
      const row = await one(
        'SELECT count(*) - count(DISTINCT message_id) AS duplicates FROM mails WHERE position > $1',
        [mails.toString()],
      )
      return Number(row.duplicates)
    },
    async effectsOf(ids) {
      const row = await one(
        `WITH wanted AS (SELECT unnest($1::text[]) AS id),
              mailed AS (SELECT message_id, count(*) AS n FROM mails WHERE message_id = ANY ($1::text[]) GROUP BY 1)
         SELECT (SELECT count(*) FROM wanted WHERE NOT EXISTS (SELECT FROM inbox WHERE message_id = id)) AS rows,
                (SELECT count(*) FROM wanted WHERE NOT EXISTS (SELECT FROM mailed WHERE message_id = id)) AS mails,
                (SELECT coalesce(sum(n - 1), 0) FROM mailed) AS duplicates`,
        [ids],
      )
      return {
        missingRows: Number(row.rows),
        missingMails: Number(row.mails),
        duplicateMails: Number(row.duplicates),
      }
    },
    async latencies(published) {
      const { rows } = await pool.query<{ id: string; at: Date }>(
        `SELECT i.message_id AS id, greatest(max(i.processed_at), max(m.received_at)) AS at
         FROM inbox i JOIN mails m USING (message_id) WHERE i.message_id = ANY ($1::text[]) GROUP BY 1`,
        [[...published.keys()]],
      )
      return rows.map(({ id, at }) => at.getTime() - (published.get(id) ?? Number.NaN))
    },
    async mailLatencies(published) {
      const { rows } = await pool.query<{ id: string; at: Date }>(
        'SELECT message_id AS id, min(received_at) AS at FROM mails WHERE message_id = ANY ($1::text[]) GROUP BY 1',
        [[...published.keys()]],
      )
      return rows.map(({ id, at }) => at.getTime() - (published.get(id) ?? Number.NaN))
    },
    close: () => pool.end(),
  }
}
