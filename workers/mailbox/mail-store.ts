import { Pool } from 'pg'
import { GroupCommit } from './group-commit.ts'

export interface AcceptedMail {
  /** `X-Faultline-Message`, where the mail has one. */
  messageId: string | null
  smtpMessageId: string | null
  from: string
  to: string
  subject: string
  /** As received. */
  source: Uint8Array<ArrayBuffer>
}

export interface MailStore {
  /** Resolves once the mail is committed. */
  add(mail: AcceptedMail): Promise<void>
  /** Waits for what is being written, then closes. */
  close(): Promise<void>
}

/** Mails in one statement, and their bytes: on its way there a mail is several times as large as it is. */
const largestGroup = 200
const largestGroupBytes = 4 * 1024 * 1024

/** One statement for any number of mails, which the server reads once for each connection. */
const insert = {
  name: 'mails',
  text: `INSERT INTO mails (message_id, smtp_message_id, "from", "to", subject, source)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])`,
}

/** Mails in PostgreSQL. A write that takes longer than `queryTimeoutMs` fails, and its client is asked to come again. */
export function openMailStore(databaseUrl: string, queryTimeoutMs = 10_000): MailStore {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 2,
    connectionTimeoutMillis: Math.min(queryTimeoutMs, 5_000),
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  })
  // Without a listener, a broken idle connection is an uncaught error that ends the process; the pool replaces it by itself.
  pool.on('error', () => undefined)
  const write = async (rows: AcceptedMail[]): Promise<void> => {
    const values = [
      rows.map(({ messageId }) => messageId),
      rows.map(({ smtpMessageId }) => smtpMessageId),
      rows.map(({ from }) => from),
      rows.map(({ to }) => to),
      rows.map(({ subject }) => subject),
      rows.map(({ source }) => source),
    ]
    await pool.query({ ...insert, values })
  }
  const commit = new GroupCommit(write, largestGroup, { of: ({ source }) => source.length, most: largestGroupBytes })
  return {
    add: (mail) => commit.add(mail),
    close: async () => {
      await commit.idle()
      await pool.end()
    },
  }
}
