import type { OutboxRow } from '#contracts/api/outbox.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { JsonView } from '../json/json-view.tsx'
import { printJson } from '../json/print-json.ts'
import { clock } from '../words/figures.ts'

/** One row as it is in the database, with the message that caused it. */
export function RowReader({ row }: { row: OutboxRow }) {
  const text = printJson(row.data)
  return (
    <article className="flex min-h-0 min-w-0 flex-col" aria-label={`Row of ${row.table}`}>
      <header className="grid gap-1 border-b border-line px-4 py-2">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="type-13 font-semibold">{row.table}</h2>
          <span className="text-fg-3">1 row with its inbox entry, {clock(row.writtenAt)}</span>
          <span className="flex-1" />
          <CopyButton text={text} />
        </div>
        <MessageOf id={row.messageId} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has nothing else that a keyboard could scroll it by */}
      <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-4 py-2 focus-visible:-outline-offset-2">
        <JsonView text={text} tight />
      </div>
    </article>
  )
}

export const MessageOf = ({ id }: { id: string | undefined }) =>
  id === undefined ? (
    <p className="text-fg-3">Not caused by an event of this lab</p>
  ) : (
    <p className="min-w-0 truncate text-fg-3">
      from{' '}
      <RouteLink patch={{ message: id, node: undefined, edge: undefined, attempt: undefined }}>
        <code>{id}</code>
      </RouteLink>
    </p>
  )
