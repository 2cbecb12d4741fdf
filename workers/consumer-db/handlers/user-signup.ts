import type { z } from 'zod'
import { userSignup } from '#contracts/events/user-signup.ts'
import { isNotOlderThanIn, orderColumns, orderValues, takeOrder } from '../order-guard.ts'
import { parsedData } from '../parsed-data.ts'
import { newestOfEachKey, type TableWriter } from '../table-writer.ts'

/** `user_signup` upserts a user by e-mail. The row says what the newest event says; one without a name leaves no name. */
export const userSignupWriter: TableWriter<z.infer<typeof userSignup.data>> = {
  table: 'users',
  plan(message) {
    const row = parsedData(userSignup, message)
    return { key: row.email, row }
  },
  async write(transaction, writes) {
    const users = newestOfEachKey(writes)
    const emails = users.map(({ row }) => row.email)
    const names = users.map(({ row }) => row.name ?? null)
    const messageIds = users.map(({ messageId }) => messageId)
    const written = await transaction.$queryRaw<{ message_id: string }[]>`
      INSERT INTO users (email, name, message_id, ${orderColumns})
      SELECT * FROM unnest(${emails}::text[], ${names}::text[], ${messageIds}::text[], ${orderValues(users)})
      ON CONFLICT (email) DO UPDATE
        SET name = excluded.name, message_id = excluded.message_id, ${takeOrder}, updated_at = now()
        WHERE ${isNotOlderThanIn('users')}
      RETURNING message_id`
    return written.map((row) => row.message_id)
  },
}
