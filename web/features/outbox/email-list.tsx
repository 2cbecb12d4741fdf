import { clock } from '../words/figures.ts'
import { OutboxEntry, OutboxList } from './outbox-list.tsx'
import { emailKey, type Outbox } from './outbox-store.ts'

export const EmailList = ({ outbox, open }: { outbox: Outbox; open: string }) => (
  <OutboxList label="Mails" outbox={outbox}>
    {outbox.emails.map((email) => (
      <OutboxEntry
        key={emailKey(email)}
        item={emailKey(email)}
        on={emailKey(email) === open}
        title={email.subject || '(no subject)'}
        time={clock(email.receivedAt)}
        sub={email.to}
      />
    ))}
  </OutboxList>
)
