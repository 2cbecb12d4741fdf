import type { Transaction } from './table-writer.ts'

/** A message that a consumer enters, and where its effect is. */
export interface InboxEntry {
  messageId: string
  type: string
  /** Table of the effect and its key there. */
  table: string
  key: string
}

/** Enters messages, ordered by identity against deadlocks, each once; answers those that were not there. */
export async function enterInbox(
  transaction: Transaction,
  consumer: string,
  entries: readonly InboxEntry[],
): Promise<Set<string>> {
  const rows = [...new Map(entries.map((entry) => [entry.messageId, entry])).values()].sort((a, b) =>
    a.messageId < b.messageId ? -1 : 1,
  )
  const entered = await transaction.$queryRaw<{ message_id: string }[]>`
    INSERT INTO inbox (message_id, consumer, type, effect_table, effect_ref)
    SELECT message_id, ${consumer}, type, effect_table, effect_ref
    FROM unnest(
      ${rows.map(({ messageId }) => messageId)}::text[], ${rows.map(({ type }) => type)}::text[],
      ${rows.map(({ table }) => table)}::text[], ${rows.map(({ key }) => key)}::text[])
      AS message (message_id, type, effect_table, effect_ref)
    ON CONFLICT (message_id, consumer) DO NOTHING
    RETURNING message_id`
  return new Set(entered.map((row) => row.message_id))
}

/** Marks messages that this transaction entered and did not write, for a second delivery and for whoever reads the inbox. */
export async function noteSuperseded(
  transaction: Transaction,
  consumer: string,
  messageIds: ReadonlySet<string>,
): Promise<void> {
  if (messageIds.size === 0) return
  await transaction.$executeRaw`
    UPDATE inbox SET superseded = true WHERE consumer = ${consumer} AND message_id = ANY(${[...messageIds]}::text[])`
}

/** Which of these messages, entered before, had been superseded then. */
export async function supersededOf(
  transaction: Transaction,
  consumer: string,
  messageIds: string[],
): Promise<string[]> {
  if (messageIds.length === 0) return []
  const rows = await transaction.$queryRaw<{ message_id: string }[]>`
    SELECT message_id FROM inbox
    WHERE consumer = ${consumer} AND message_id = ANY(${messageIds}::text[]) AND superseded`
  return rows.map((row) => row.message_id)
}
