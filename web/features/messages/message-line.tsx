'use client'

import { memo } from 'react'
import type { MessageRow } from '#contracts/api/journey.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { messageIdClass, rowSelected } from '#web/ui/recipes/table.ts'
import { Status } from '#web/ui/status.tsx'
import { brokerNames } from '../broker/broker-words.ts'
import { clock, durationWords } from '../words/figures.ts'
import { type MessageColumns, mostColumns } from './message-columns.ts'
import { gravity, groupStatus, publishStatus, type StatusView } from './message-status.ts'

/** Groups that the shared column names; the others are counted, and named in a tooltip. */
const mostNamed = 8

interface MessageLineProps {
  row: MessageRow
  groups: string[]
  layout: Pick<MessageColumns, 'has' | 'prefixed'>
  selected: boolean
}

/** One message of the list: what it is, and what became of it in each group. */
export const MessageLine = memo(function MessageLine({ row: listed, groups, layout, selected }: MessageLineProps) {
  const row = useLive((live) => newer(listed, live.rows[listed.id]))
  const settled = row.settledInMs !== undefined
  // Only what is still open has words that change with the time.
  const now = useLive((live) => (settled ? 0 : live.at))
  // One of another broker than the lab runs on says so.
  const elsewhere = useLive((live) => live.broker !== undefined && live.broker.broker !== row.broker)
  const { has, prefixed } = layout
  const together = groups.length > mostColumns
  const split = row.id.indexOf(row.topic)
  const attempts = row.groups.map((group) => group.attempts)
  // What has no room is here.
  const gone = [
    ...(has('key') || row.key === undefined ? [] : [`key ${row.key}`]),
    ...(has('ref') || row.ref === undefined ? [] : [`${row.ref} on ${brokerNames[row.broker]}`]),
    ...(has('attempts') || attempts.length === 0 ? [] : [`attempts ${attempts.join(' + ')}`]),
  ]
  const open = { message: row.id, node: undefined, edge: undefined, attempt: undefined }
  return (
    // The link in the second cell is what the keyboard reaches; a click anywhere on the row does the same.
    <tr
      className={cn('cursor-pointer', selected ? rowSelected : 'hover:*:bg-hover')}
      data-message={row.id}
      onClick={() => setParams(open)}
    >
      <td className="mono text-fg-3">{clock(row.publishedAt)}</td>
      <td className={cn(messageIdClass, 'text-fg-2')}>
        <RouteLink
          className="block overflow-hidden text-ellipsis text-inherit hover:no-underline"
          patch={open}
          aria-current={selected ? 'true' : undefined}
          title={[row.id, ...gone].join('\n')}
        >
          {prefixed ? row.id.slice(0, split) : ''}
          <b>{row.id.slice(split)}</b>
        </RouteLink>
      </td>
      {has('key') ? (
        <td className="mono" title={row.key}>
          {row.key === undefined ? '–' : shortKey(row.key)}
        </td>
      ) : null}
      {has('ref') ? (
        <td className="mono text-fg-3" title={`${row.ref ?? 'no id'} on ${brokerNames[row.broker]}`}>
          {elsewhere ? `${brokerNames[row.broker]} ` : ''}
          {row.ref === undefined ? '–' : row.ref.slice(0, elsewhere ? 6 : 12)}
        </td>
      ) : null}
      {row.publish === 'acked' || row.publish === 'recovered' || row.groups.length > 0 ? (
        together ? (
          <TogetherCell row={row} now={now} />
        ) : (
          groups.map((name) => {
            const group = row.groups.find((candidate) => candidate.group === name)
            return group ? (
              <td key={name}>
                <Shown view={groupStatus(row, group, now)} />
              </td>
            ) : (
              <td key={name} className="text-fg-3">
                not subscribed
              </td>
            )
          })
        )
      ) : (
        <td colSpan={together ? 1 : groups.length}>
          <Shown view={publishStatus(row.publish)} />
        </td>
      )}
      {has('attempts') ? (
        <td className="text-right text-fg-2">{attempts.length === 0 ? '–' : attempts.join(' + ')}</td>
      ) : null}
      {has('settled') ? (
        <td className="text-right">{row.settledInMs === undefined ? '–' : durationWords(row.settledInMs)}</td>
      ) : null}
    </tr>
  )
})

/** Each group that was owed the message, gravest state first, with its glyph; what it says beyond is in the tooltip. */
function TogetherCell({ row, now }: { row: MessageRow; now: number }) {
  const groups = row.groups.toSorted((a, b) => gravity.indexOf(a.state) - gravity.indexOf(b.state))
  if (groups.length === 0) return <td className="text-fg-3">no service takes it</td>
  const [only] = groups
  const beyond = groups.slice(mostNamed)
  return (
    <td>
      <span className="flex gap-3 overflow-hidden">
        {groups.slice(0, mostNamed).map((group) => {
          const { tone, glyph, label, detail } = groupStatus(row, group, now)
          return (
            <Status key={group.group} tone={tone} glyph={glyph} className="flex-none">
              <span title={[label, detail].filter(Boolean).join(', ')}>{group.group}</span>
              <span className="sr-only">{label}</span>
              {group === only && groups.length === 1 ? <small>{detail ?? label}</small> : null}
            </Status>
          )
        })}
        {beyond.length === 0 ? null : (
          <small className="flex-none text-fg-3" title={beyond.map(({ group }) => group).join(', ')}>
            {beyond.length} more
          </small>
        )}
      </span>
    </td>
  )
}

export const Shown = ({ view }: { view: StatusView }) => (
  <Status className="flex" tone={view.tone} glyph={view.glyph}>
    <span className="min-w-0 truncate" title={[view.label, view.detail].filter(Boolean).join(', ')}>
      {view.label} {view.detail === undefined ? null : <small>{view.detail}</small>}
    </span>
  </Status>
)

/** Of the listed row and the watched one, the one that knows more. */
function newer(listed: MessageRow, watched: MessageRow | undefined): MessageRow {
  return watched === undefined || listed.settledInMs !== undefined ? listed : watched
}

/** A uuid is known by its beginning; anything else is cut by its cell. */
export const shortKey = (key: string): string => (/^[\da-f]{8}-[\da-f]{4}-/i.test(key) ? key.slice(0, 8) : key)
