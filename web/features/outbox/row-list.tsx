import type { OutboxRow } from '#contracts/api/outbox.ts'
import { clock } from '../words/figures.ts'
import { OutboxList } from './outbox-list.tsx'
import { type Outbox, rowKey } from './outbox-store.ts'

const entryOf = ({ table, type, writtenAt, messageId }: OutboxRow) => ({
  title: (
    <>
      {table} <span className="text-fg-3">{type}</span>
    </>
  ),
  time: clock(writtenAt),
  sub: <code>{messageId}</code>,
})

export const RowList = ({ outbox, open }: { outbox: Outbox; open: string }) => (
  <OutboxList label="Rows" outbox={outbox} items={outbox.rows} keyOf={rowKey} entry={entryOf} open={open} />
)
