import { z } from 'zod'

/** The environment of the mailbox, as its supervisor gives it. */
export const mailboxEnv = z.object({
  /** 0: any free one. */
  SMTP_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.string().min(1),
  LOG_LEVEL: z.string().default('info'),
})
