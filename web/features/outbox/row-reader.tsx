import type { OutboxRow } from '#contracts/api/outbox.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { JsonView } from '../json/json-view.tsx'
import { printJson } from '../json/print-json.ts'
import { clock } from '../words/figures.ts'

/** One row as it stands in the database, with the message that caused it. */
export function RowReader({ row }: { row: OutboxRow }) {
  const text = printJson(row.data)
  return (
    <article className="outbox__reader" aria-label={`Row of ${row.table}`}>
      <header className="outbox__head">
        <div className="row">
          <h2>{row.table}</h2>
          <span className="t3">1 row with its inbox entry, {clock(row.writtenAt)}</span>
          <span className="spacer" />
          <CopyButton text={text} />
        </div>
        <MessageOf id={row.messageId} />
      </header>
      <div className="outbox__content">
        <JsonView text={text} tight />
      </div>
    </article>
  )
}

export const MessageOf = ({ id }: { id: string | undefined }) =>
  id === undefined ? (
    <p className="t3">Not caused by an event of this lab</p>
  ) : (
    <p className="t3 clip">
      from{' '}
      <RouteLink patch={{ message: id, node: undefined, edge: undefined, attempt: undefined }}>
        <code>{id}</code>
      </RouteLink>
    </p>
  )
