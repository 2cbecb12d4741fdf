import type { OutboxEmail } from '#contracts/api/outbox.ts'
import { clock } from '../words/figures.ts'
import { OutboxList } from './outbox-list.tsx'
import { emailKey, type Outbox } from './outbox-store.ts'

const entryOf = ({ subject, receivedAt, to }: OutboxEmail) => ({
  title: subject || '(no subject)',
  time: clock(receivedAt),
  sub: to,
})

export const EmailList = ({ outbox, open }: { outbox: Outbox; open: string }) => (
  <OutboxList label="Mails" outbox={outbox} items={outbox.emails} keyOf={emailKey} entry={entryOf} open={open} />
)
