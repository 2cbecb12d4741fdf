import type { OutboxEmail } from '#contracts/api/outbox.ts'
import { clock } from '../words/figures.ts'
import { OutboxEntry, OutboxList } from './outbox-list.tsx'
import { emailKey } from './outbox-store.ts'

export const EmailList = ({ emails, open }: { emails: OutboxEmail[]; open: string }) => (
  <OutboxList label="Mails">
    {emails.map((email) => (
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
