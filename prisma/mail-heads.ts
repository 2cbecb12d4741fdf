import type { PrismaClient } from './generated/client.ts'

/** A mail without its body, for lists: small whatever the mail is. */
export interface MailHead {
  position: bigint
  /** Identity of the event that caused it; null for mail that is not of the lab. */
  messageId: string | null
  smtpMessageId: string | null
  from: string
  to: string
  subject: string
  receivedAt: Date
  /** Bytes of the whole mail. */
  bytes: number
  /** The first bytes of its source, header lines and what follows them, cut at `headBytes`. */
  head: Uint8Array
}

/** Characters that are read of each column of text. */
const longestText = 1_000

/**
 * The heads of mails, in the order of `positions`; those that are not there are left out. PostgreSQL cuts what it sends, so that a
 * list of 500 takes at most 500 times `headBytes` and some text, where the mails themselves may be a thousand times as much.
 */
export async function readMailHeads(
  prisma: PrismaClient,
  positions: readonly bigint[],
  headBytes = 4_096,
): Promise<MailHead[]> {
  if (positions.length === 0) return []
  const rows = await prisma.$queryRaw<MailHead[]>`
    SELECT position, message_id AS "messageId", left(smtp_message_id, ${longestText}::int) AS "smtpMessageId",
      left("from", ${longestText}::int) AS "from", left("to", ${longestText}::int) AS "to",
      left(subject, ${longestText}::int) AS subject, received_at AS "receivedAt",
      octet_length(source) AS bytes, substring(source FROM 1 FOR ${headBytes}::int) AS head
    FROM mails WHERE position = ANY(${positions.map(String)}::text[]::bigint[])`
  const found = new Map(rows.map((row) => [row.position, row]))
  return positions.flatMap((position) => found.get(position) ?? [])
}
