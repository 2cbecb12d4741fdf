import type { LedgerSummary } from '#contracts/api/ledger.ts'
import type { MessageFilters } from '../messages/message-filters.ts'
import { MessagesLink } from '../messages/messages-link.tsx'
import { count } from '../words/figures.ts'

type Publishes = LedgerSummary['publishes']

const parts: { name: keyof Publishes; filters: MessageFilters; before: string }[] = [
  { name: 'attempted', filters: {}, before: '' },
  { name: 'acked', filters: { state: 'acked' }, before: '=' },
  { name: 'recovered', filters: { state: 'recovered' }, before: '+' },
  { name: 'open', filters: { state: 'attempted' }, before: '+' },
  { name: 'failed', filters: { state: 'failed' }, before: '+' },
  { name: 'indeterminate', filters: { state: 'indeterminate' }, before: '+' },
  { name: 'absent', filters: { state: 'absent' }, before: '+' },
]

/** What became of every publish, as the sum that it is. */
export const PublishEquation = ({ publishes }: { publishes: Publishes }) => (
  <dl className="eq">
    {parts.map(({ name, filters, before }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>
          {before === '' ? null : (
            <span className="op" aria-hidden="true">
              {before}
            </span>
          )}
          <MessagesLink filters={filters} label={`${count(publishes[name])} ${name}: show them`}>
            {count(publishes[name])}
          </MessagesLink>
        </dd>
      </div>
    ))}
  </dl>
)
