import { Fragment, useMemo } from 'react'
import type { GroupFigures, LedgerSummary } from '#contracts/api/ledger.ts'
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
    <section>
      <div className="sect__head">
        <h2>Owed to each group</h2>
        <span className="t3 clip">
          acked + recovered = waiting + handling + retrying + delivered + dead-lettered + lost
        </span>
        <span className="spacer" />
        <Balance invariants={invariants} />
      </div>
      {rows.length === 0 ? (
        <p className="t3 lx__none">Nothing is owed yet: a message is owed to each group that takes its type.</p>
      ) : (
        <div className="lx__scroll">
          <table className="table">
            <colgroup>
              <col />
              {columns.map(({ name, width }) => (
                <col key={name} style={{ width }} />
              ))}
            </colgroup>
            <thead>
              <tr>
                <th scope="col">Group, topic</th>
                {columns.map(({ name, head }) => (
                  <th key={name} scope="col" className="num">
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
  <tr className={filters.topic === undefined ? undefined : 'topic'}>
    <th scope="row">{name}</th>
    {columns.map(({ name: state, head }) => (
      <td key={state} className="num">
        {figures[state] === 0 ? (
          0
        ) : (
          <MessagesLink
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
    <ul className="problems">
      {breaches.slice(0, 5).map((breach) => (
        <li key={breach}>{breach}</li>
      ))}
    </ul>
  )
}

const sums = (invariants: LedgerSummary['invariants']) =>
  invariants.filter(({ invariant }) => invariant === 'publishes add up' || invariant === 'obligations add up')
