import type { z } from 'zod'
import { userSignup } from '#contracts/events/user-signup.ts'
import { parsedData } from '../parsed-data.ts'
import { lastOfEachKey, type TableWriter } from '../table-writer.ts'

/** `user_signup` upserts a user by e-mail. A later message without a name keeps the name that stands. */
export const userSignupWriter: TableWriter<z.infer<typeof userSignup.data>> = {
  table: 'users',
  plan(message) {
    const row = parsedData(userSignup, message)
    return { key: row.email, row }
  },
  async write(transaction, writes) {
    const users = lastOfEachKey(writes)
    const emails = users.map(({ row }) => row.email)
    const names = users.map(({ row }) => row.name ?? null)
    const messageIds = users.map(({ messageId }) => messageId)
    await transaction.$executeRaw`
      INSERT INTO users (email, name, message_id)
      SELECT * FROM unnest(${emails}::text[], ${names}::text[], ${messageIds}::text[])
      ON CONFLICT (email) DO UPDATE
        SET name = coalesce(excluded.name, users.name), message_id = excluded.message_id, updated_at = now()`
  },
}
