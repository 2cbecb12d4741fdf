import { Fragment, useMemo } from 'react'
import type { GroupFigures, LedgerSummary } from '#contracts/api/ledger.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import type { MessageFilters } from '../messages/message-filters.ts'
import { MessagesLink } from '../messages/messages-link.tsx'
import { count } from '../words/figures.ts'
import { groupRows } from './ledger-figures.ts'

const columns: { name: Exclude<keyof GroupFigures, 'topic' | 'group'>; head: string; width: number }[] = [
  { name: 'owed', head: 'Owed', width: 104 },
  { name: 'waiting', head: 'Waiting', width: 96 },
  { name: 'handling', head: 'Handling', width: 96 },
  { name: 'retrying', head: 'Retrying', width: 96 },
  { name: 'delivered', head: 'Delivered', width: 104 },
  { name: 'dead_lettered', head: 'Dead-lettered', width: 116 },
  { name: 'lost', head: 'Lost', width: 88 },
]

interface OwedTableProps {
  groups: GroupFigures[]
  invariants: LedgerSummary['invariants']
}

/** Obligations of each group by topic; every number but zero opens its messages. */
export function OwedTable({ groups, invariants }: OwedTableProps) {
  const rows = useMemo(() => groupRows(groups), [groups])
  return (
    <section className="border-t border-line px-4 py-3 first:border-t-0 [&:nth-of-type(1)]:pr-11">
      <div className={sectionHead}>
        <h2 className="type-12 font-semibold whitespace-nowrap">Owed to each group</h2>
        <span className="min-w-0 truncate type-11 text-fg-3">
          acked + recovered = waiting + handling + retrying + delivered + dead-lettered + lost
        </span>
        <span className="flex-1" />
        <Balance invariants={invariants} />
      </div>
      {rows.length === 0 ? (
        <p className="py-1 text-fg-3">Nothing is owed yet: a message is owed to each group that takes its type.</p>
      ) : (
        <div className="-mx-4 mt-1 mb-0 overflow-x-auto">
          <table className={cn(tableClass, 'min-w-215')}>
            <colgroup>
              <col />
              {columns.map(({ name, width }) => (
                <col key={name} style={{ width }} />
              ))}
            </colgroup>
            <thead>
              <tr>
                <th scope="col" className="border-b-0">
                  Group, topic
                </th>
                {columns.map(({ name, head }) => (
                  <th key={name} scope="col" className="border-b-0 text-right">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ group, total, topics }) => (
                <Fragment key={group}>
                  <Row name={group} figures={total} filters={{ group }} />
                  {topics.map((figures) => (
                    <Row
                      key={figures.topic}
                      name={figures.topic}
                      figures={figures}
                      filters={{ group, topic: figures.topic }}
                    />
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Breaches invariants={invariants} />
    </section>
  )
}

interface RowProps {
  name: string
  figures: Omit<GroupFigures, 'topic' | 'group'>
  filters: MessageFilters
}

const Row = ({ name, figures, filters }: RowProps) => (
  <tr
    data-topic={filters.topic === undefined ? undefined : ''}
    className={
      filters.topic === undefined
        ? '*:font-medium *:text-fg'
        : '*:h-6 *:border-b-transparent *:font-normal *:text-fg-3 *:first:pl-10 [&:has(+_tr:not([data-topic]))]:*:border-line'
    }
  >
    <th className={cn('type-12', filters.topic === undefined ? 'font-medium' : 'font-normal')} scope="row">
      {name}
    </th>
    {columns.map(({ name: state, head }) => (
      <td key={state} className="text-right">
        {figures[state] === 0 ? (
          0
        ) : (
          <MessagesLink
            className="text-inherit"
            filters={{ ...filters, state }}
            label={`${count(figures[state])} ${head.toLowerCase()} of ${name}: show them`}
          >
            {count(figures[state])}
          </MessagesLink>
        )}
      </td>
    ))}
  </tr>
)

/** Whether the sums of both sides agree; the watermark and the effects have anomalies of their own. */
function Balance({ invariants }: Pick<OwedTableProps, 'invariants'>) {
  const broken = sums(invariants).reduce((all, { breaches }) => all + breaches.length, 0)
  return broken === 0 ? (
    <Status tone="delivered" glyph="delivered">
      balances in every row
    </Status>
  ) : (
    <Status tone="lost" glyph="lost">
      {broken === 1 ? '1 row does not balance' : `${count(broken)} rows do not balance`}
    </Status>
  )
}

function Breaches({ invariants }: Pick<OwedTableProps, 'invariants'>) {
  const breaches = sums(invariants).flatMap((one) => one.breaches)
  if (breaches.length === 0) return null
  return (
    <ul className="text-fg-2 empty:hidden">
      {breaches.slice(0, 5).map((breach) => (
        <li key={breach}>{breach}</li>
      ))}
    </ul>
  )
}

const sums = (invariants: LedgerSummary['invariants']) =>
  invariants.filter(({ invariant }) => invariant === 'publishes add up' || invariant === 'obligations add up')
