import { clock } from '../words/figures.ts'
import { OutboxEntry, OutboxList } from './outbox-list.tsx'
import { type Outbox, rowKey } from './outbox-store.ts'

export const RowList = ({ outbox, open }: { outbox: Outbox; open: string }) => (
  <OutboxList label="Rows" outbox={outbox}>
    {outbox.rows.map((row) => (
      <OutboxEntry
        key={rowKey(row)}
        item={rowKey(row)}
        on={rowKey(row) === open}
        title={
          <>
            {row.table} <span className="t3">{row.type}</span>
          </>
        }
        time={clock(row.writtenAt)}
        sub={<code>{row.messageId}</code>}
      />
    ))}
  </OutboxList>
)
