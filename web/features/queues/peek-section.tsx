'use client'

import { Fragment, useState } from 'react'
import {
  peekDepth,
  peekPageSize,
  type QueueMessage,
  type QueueRow,
  type QueueSubscription,
} from '#contracts/api/queues/queues.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { rowSelected, tableClass } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { age, clock, count } from '../words/figures.ts'
import { PeekedMessageRow } from './peeked-message.tsx'
import { messageStates } from './queue-models.ts'
import { reloadQueues, usePeek } from './queues-query.ts'

const lastPage = peekDepth - peekPageSize

/** Messages by a peek, which is no receive: a page at a time, the oldest first. A row opens to all that is known of it. */
export function PeekSection({ queue, legs }: { queue: QueueRow; legs: readonly QueueSubscription[] }) {
  const [offset, setOffset] = useState(0)
  const [open, setOpen] = useState<string>()
  const { data, error } = usePeek(queue.arn, offset, true)
  const items = data?.items ?? []
  return (
    <section aria-label="Messages">
      <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <Icon name="search" className="text-fg-2" />
        <h4 className="type-12 font-semibold">Peeked</h4>
        <span className="min-w-0 flex-1 text-fg-3">{peekWords(items.length, offset, data?.total ?? 0)}</span>
        {offset > 0 || data?.more === true ? (
          <>
            <Button small disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - peekPageSize))}>
              Older
            </Button>
            <Button
              small
              disabled={data?.more !== true || offset >= lastPage}
              onClick={() => setOffset(offset + peekPageSize)}
            >
              Newer
            </Button>
          </>
        ) : null}
        <Button small onClick={() => void reloadQueues()}>
          <Icon name="retry" size={12} />
          Peek again
        </Button>
      </div>
      {error === null ? null : <ProblemNote className="m-4" problem={error} />}
      {items.length === 0 ? (
        <p className="px-4 py-6 text-center text-fg-3" aria-busy={data === undefined && error === null}>
          {data === undefined
            ? ''
            : offset > 0
              ? 'There are no messages this far in.'
              : 'There are no messages in this queue.'}
        </p>
      ) : (
        <div className="overflow-x-auto">
          <table className={cn(tableClass, 'min-w-140')}>
            <colgroup>
              <col className="w-27" />
              <col className="w-24 max-[1439px]:hidden" />
              <col className="w-37.5" />
              <col />
              <col className="w-18" />
              <col className="w-31" />
            </colgroup>
            <thead>
              <tr>
                <th>Sent</th>
                <th className="max-[1439px]:hidden">MessageId</th>
                <th>Event</th>
                <th>Body</th>
                <th className="text-right">Receives</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              {items.map((message, at) => {
                const key = `${message.messageId} ${offset + at}`
                const isOpen = open === key
                return (
                  <Fragment key={key}>
                    <Line message={message} isOpen={isOpen} onToggle={() => setOpen(isOpen ? undefined : key)} />
                    {isOpen ? (
                      <tr>
                        <td colSpan={6} className="h-auto! whitespace-normal! bg-sunken">
                          <PeekedMessageRow message={message} legs={legs} />
                        </td>
                      </tr>
                    ) : null}
                  </Fragment>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function peekWords(shown: number, offset: number, total: number): string {
  const which =
    offset === 0
      ? `${count(shown)} of ${count(total)}`
      : `${count(offset + 1)} to ${count(offset + shown)} of ${count(total)}`
  const deep = total > peekDepth ? `; pages go ${count(peekDepth)} deep` : ''
  return `${which}, by age${deep}; not a receive: counts and visibility stay`
}

/** The last two parts of an id of the lab: its topic and its number. */
const shortId = (id: string): string => id.split(':').slice(-2).join(':')

function Line({ message, isOpen, onToggle }: { message: QueueMessage; isOpen: boolean; onToggle: () => void }) {
  const { tone, glyph, word } = messageStates[message.state]
  const { messageId, labMessageId, attributes } = message
  return (
    <tr className={cn('cursor-pointer hover:bg-hover', isOpen && rowSelected)} onClick={onToggle}>
      <td className="tabular-nums">
        <button
          type="button"
          className="border-0 bg-transparent p-0 type-mono-11 text-inherit"
          aria-expanded={isOpen}
          aria-label={`Message ${messageId}, ${word}`}
          onClick={(event) => {
            event.stopPropagation()
            onToggle()
          }}
        >
          {clock(message.sentAt)}
        </button>
      </td>
      <td className="type-mono-11 text-fg-3! max-[1439px]:hidden" title={messageId}>
        {messageId.length > 12 ? `${messageId.slice(0, 4)}…${messageId.slice(-4)}` : messageId}
      </td>
      <td className="mono" title={labMessageId}>
        <b>{labMessageId === undefined ? (attributes.ce_type?.StringValue ?? '–') : shortId(labMessageId)}</b>
      </td>
      <td className="mono">{message.body.slice(0, 200)}</td>
      <td className="text-right tabular-nums">{message.receives}</td>
      <td>
        <Status tone={tone} glyph={glyph}>
          {word}
          {message.visibleInMs > 0 ? <small className="type-11">{age(message.visibleInMs)}</small> : null}
        </Status>
      </td>
    </tr>
  )
}
