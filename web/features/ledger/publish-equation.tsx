import type { LedgerSummary } from '#contracts/api/ledger.ts'
import { cn } from '#web/ui/recipes/cn.ts'
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
  <dl className="mt-1 flex flex-wrap items-end gap-x-3 gap-y-1">
    {parts.map(({ name, filters, before }) => (
      <div className="grid" key={name}>
        <dt className={cn('type-11 text-fg-3', before !== '' && 'pl-5')}>{name}</dt>
        <dd className="type-14 font-semibold">
          {before === '' ? null : (
            <span className="inline-block w-5 type-14 font-normal text-fg-3" aria-hidden="true">
              {before}
            </span>
          )}
          <MessagesLink
            className="text-inherit"
            filters={filters}
            label={`${count(publishes[name])} ${name}: show them`}
          >
            {count(publishes[name])}
          </MessagesLink>
        </dd>
      </div>
    ))}
  </dl>
)
