import type { PrismaClient } from '#prisma/generated/client.ts'

/** Rows read at a time: enough that a million takes few queries, few enough to stay small in memory. */
const pageRows = 20_000
/** Rows without an inbox line, or the other way round, that are read at most. */
const troubleLimit = 10_000

/** What an audit reads of the effect store: ids of messages, one for each effect that is there. */
export interface EffectReader {
  /** Messages that a consumer entered as written, page by page. */
  rows(consumer: string): AsyncGenerator<string[]>
  /** Messages of the mails that the mailbox accepted. */
  mails(): AsyncGenerator<string[]>
  /** Messages that have a line in the inbox and no row. */
  missingRows(consumer: string): Promise<string[]>
  /** Messages whose row exists without a line in the inbox of any consumer. */
  strayRows(): Promise<string[]>
}

export function createEffectReader(prisma: PrismaClient): EffectReader {
  async function* pages(
    read: (after: bigint) => Promise<{ position: bigint; messageId: string | null }[]>,
  ): AsyncGenerator<string[]> {
    for (let after = 0n; ; ) {
      const rows = await read(after)
      const last = rows.at(-1)
      if (!last) return
      yield rows.flatMap(({ messageId }) => messageId ?? [])
      after = last.position
    }
  }
  const select = { position: true, messageId: true } as const
  const page = { orderBy: { position: 'asc' }, take: pageRows, select } as const
  const ids = (rows: { message_id: string }[]): string[] => rows.map((row) => row.message_id)

  return {
    rows: (consumer) =>
      pages((after) => prisma.inbox.findMany({ where: { consumer, position: { gt: after } }, ...page })),
    mails: () => pages((after) => prisma.mail.findMany({ where: { position: { gt: after } }, ...page })),
    async missingRows(consumer) {
      return ids(
        await prisma.$queryRaw<{ message_id: string }[]>`
          SELECT inbox.message_id FROM inbox
          LEFT JOIN orders ON inbox.effect_table = 'orders' AND orders.order_id = inbox.effect_ref
          LEFT JOIN records ON inbox.effect_table = 'records' AND records.message_id = inbox.message_id
          LEFT JOIN table_rows ON inbox.effect_table = 'table_rows' AND table_rows.ref = inbox.effect_ref
          LEFT JOIN users ON inbox.effect_table = 'users' AND users.email = inbox.effect_ref
          WHERE inbox.consumer = ${consumer} AND inbox.effect_table IN ('orders', 'records', 'table_rows', 'users')
            AND orders.order_id IS NULL AND records.message_id IS NULL AND table_rows.ref IS NULL AND users.email IS NULL
          ORDER BY inbox.position
          LIMIT ${troubleLimit}`,
      )
    },
    async strayRows() {
      return ids(
        await prisma.$queryRaw<{ message_id: string }[]>`
          SELECT written.message_id FROM (
            SELECT message_id FROM orders UNION ALL SELECT message_id FROM records UNION ALL SELECT message_id FROM table_rows
            UNION ALL SELECT message_id FROM users
          ) AS written
          WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.message_id = written.message_id)
          ORDER BY 1
          LIMIT ${troubleLimit}`,
      )
    },
  }
}
