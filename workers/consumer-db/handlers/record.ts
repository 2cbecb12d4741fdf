import { InvalidEventData } from '../database-error.ts'
import type { TableWriter } from '../table-writer.ts'

/** Every other type becomes a generic record: the data as it came, as JSON text, under the message's identity. */
export const recordWriter: TableWriter<string> = {
  table: 'records',
  plan({ messageId, data, type }) {
    const row = JSON.stringify(data)
    if (row === undefined) throw new InvalidEventData(`${type} ${messageId} has no data to write`)
    return { key: messageId, row }
  },
  async write(transaction, writes) {
    const messageIds = writes.map(({ messageId }) => messageId)
    const types = writes.map(({ type }) => type)
    const texts = writes.map(({ row }) => row)
    await transaction.$executeRaw`
      INSERT INTO records (message_id, type, data)
      SELECT message_id, type, data::jsonb
      FROM unnest(${messageIds}::text[], ${types}::text[], ${texts}::text[]) AS record (message_id, type, data)`
  },
}
