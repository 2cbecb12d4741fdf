import { z } from 'zod'

/** An e-mail that the mailbox accepted. Item of `GET /api/outbox/emails`. */
export const outboxEmail = z.object({
  /** Position in the mailbox; newest has the highest. */
  position: z.string(),
  /** Identity of the event that caused it; absent for mail that is not of the lab. */
  messageId: z.string().optional(),
  smtpMessageId: z.string().optional(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().optional(),
  /** True in a list where the mail is longer than what a list shows of each; `GET /api/outbox/emails/:position` has all of it. */
  cut: z.literal(true).optional(),
  /** Of the whole mail, as the mailbox stored it. */
  bytes: z.int().min(0).optional(),
  headers: z.record(z.string(), z.string()),
  receivedAt: z.string(),
})
export type OutboxEmail = z.infer<typeof outboxEmail>

/**
 * Where mails go. `mailbox`: to the lab's own, which keeps them whole. `elsewhere`: to the server of `SMTP_URL`, of which the lab sees
 * only the answers; what is listed then are mails from before.
 */
export const mailDestination = z.object({
  kind: z.enum(['mailbox', 'elsewhere']),
  /** `host:port`. */
  server: z.string(),
})
export type MailDestination = z.infer<typeof mailDestination>

/** A row that consumer-db wrote. Item of `GET /api/outbox/rows`. */
export const outboxRow = z.object({
  messageId: z.string(),
  type: z.string(),
  /** `users`, `orders`, `records`, or the name of a table that the lab file declares. */
  table: z.string(),
  data: z.record(z.string(), z.unknown()),
  writtenAt: z.string(),
})
export type OutboxRow = z.infer<typeof outboxRow>

/** What PostgreSQL can hold: it has no NUL. */
const storable = z
  .string()
  .max(500)
  .refine((text) => !text.includes('\0'), 'must not hold the character NUL')

export const outboxQuery = z.strictObject({
  messageId: storable.optional(),
  q: storable.max(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
