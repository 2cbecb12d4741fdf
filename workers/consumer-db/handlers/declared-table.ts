import { InvalidEventData } from '../database-error.ts'
import { assertModestExponents } from '../number-text.ts'
import { isNotOlderThanIn, orderColumns, orderValues, takeOrder } from '../order-guard.ts'
import { newestOfEachKey, type TableWriter } from '../table-writer.ts'

/** The row of a table that the lab file declares. */
interface DeclaredRow {
  /** The data as it came: the database takes the values out of it, so that a number keeps digits that JavaScript has no room for. */
  body: string
  /** For each column its name, and either where its value is in the data or the value. */
  columns: ({ name: string; path: string[] } | { name: string; value: string })[]
}

/** An event whose type has a `table` in the lab file: the newest one of a key writes its row. */
export const declaredTableWriter: TableWriter<DeclaredRow> = {
  table: 'table_rows',
  refOf: (key) => key,
  plan({ messageId, type, data, body, table }) {
    if (table === undefined) throw new Error(`${type} has no table`)
    if (data === undefined) throw new InvalidEventData(`${type} ${messageId} has no data to write`)
    assertModestExponents(body)
    const columns = Object.entries(table.columns).map(([name, path]) => {
      if (path === 'id' || path === 'type') return { name, value: path === 'id' ? messageId : type }
      return { name, path: path.split('.').slice(1) }
    })
    const keyed = columns.find(({ name }) => name === table.key)
    const key = keyed === undefined ? undefined : 'value' in keyed ? keyed.value : textAt(data, keyed.path)
    if (key === undefined)
      throw new InvalidEventData(
        `${type} ${messageId} has no text at ${table.columns[table.key]}, the key of ${table.name}`,
      )
    return { key: `${table.name}/${key}`, row: { body, columns } }
  },
  async write(transaction, writes) {
    const rows = newestOfEachKey(writes)
    // `OFFSET 0` keeps the planner from moving the cast into each column, which would parse the whole data as often.
    const written = await transaction.$queryRaw<{ message_id: string }[]>`
      INSERT INTO table_rows (ref, columns, message_id, ${orderColumns})
      SELECT new.ref, shape.columns, new.message_id, new.event_time, new.event_epoch, new.event_seq
      FROM unnest(
        ${rows.map(({ key }) => key)}::text[], ${rows.map(({ row }) => row.body)}::text[],
        ${rows.map(({ row }) => JSON.stringify(row.columns))}::text[], ${rows.map(({ messageId }) => messageId)}::text[],
        ${orderValues(rows)})
        AS new (ref, body, sources, message_id, event_time, event_epoch, event_seq)
      CROSS JOIN LATERAL (SELECT new.body::jsonb AS body OFFSET 0) AS parsed
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(source ->> 'name', coalesce(source -> 'value', found.value, 'null')) AS columns
        FROM jsonb_array_elements(new.sources::jsonb) AS source
        CROSS JOIN LATERAL (
          SELECT parsed.body #> ARRAY(SELECT jsonb_array_elements_text(source -> 'path')) AS value
        ) AS found
      ) AS shape
      ON CONFLICT (ref) DO UPDATE
        SET columns = excluded.columns, message_id = excluded.message_id, ${takeOrder}, updated_at = now()
        WHERE ${isNotOlderThanIn('table_rows')}
      RETURNING message_id`
    return written.map((row) => row.message_id)
  },
}

function textAt(data: unknown, path: readonly string[]): string | undefined {
  let value = data
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' ? value : undefined
}
