import { InvalidEventData } from '../database-error.ts'
import { assertModestExponents } from '../number-text.ts'
import type { TableWriter } from '../table-writer.ts'

/**
 * Every other type becomes a generic record: the body as it came, under the message's identity. It is written from its text, not
 * from what was parsed of it, so that a number keeps digits that JavaScript has no room for. No two events share a key, so there is
 * no order to keep.
 */
export const recordWriter: TableWriter<string> = {
  table: 'records',
  plan({ messageId, data, type, body }) {
    if (data === undefined) throw new InvalidEventData(`${type} ${messageId} has no data to write`)
    assertModestExponents(body)
    return { key: messageId, row: body }
  },
  async write(transaction, writes) {
    const messageIds = writes.map(({ messageId }) => messageId)
    const types = writes.map(({ type }) => type)
    const texts = writes.map(({ row }) => row)
    await transaction.$executeRaw`
      INSERT INTO records (message_id, type, data)
      SELECT message_id, type, data::jsonb
      FROM unnest(${messageIds}::text[], ${types}::text[], ${texts}::text[]) AS record (message_id, type, data)`
    return messageIds
  },
}
