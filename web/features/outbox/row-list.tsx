import type { OutboxRow } from '#contracts/api/outbox.ts'
import { clock } from '../words/figures.ts'
import { OutboxEntry, OutboxList } from './outbox-list.tsx'
import { rowKey } from './outbox-store.ts'

export const RowList = ({ rows, open }: { rows: OutboxRow[]; open: string }) => (
  <OutboxList label="Rows">
    {rows.map((row) => (
      <OutboxEntry
        key={rowKey(row)}
        item={rowKey(row)}
        on={rowKey(row) === open}
        title={
          <>
            {row.table} <span className="text-fg-3">{row.type}</span>
          </>
        }
        time={clock(row.writtenAt)}
        sub={<code>{row.messageId}</code>}
      />
    ))}
  </OutboxList>
)
