'use client'

import { memo } from 'react'
import type { DeadLetterCause, DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams } from '#web/live/url-state.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { messageIdClass, rowSelected } from '#web/ui/recipes/table.ts'
import { shortKey } from '../messages/message-line.tsx'
import { reasonWords } from '../messages/message-status.ts'
import { clock, count } from '../words/figures.ts'
import { toggleLetters, useKnownLetters } from './dead-letters-query.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { letterPatch } from './letter-link.ts'
import { tickCause, tickLetter } from './selection-actions.ts'
import { TickBox } from './tick.tsx'

interface CauseLineProps {
  cause: DeadLetterCause
  open: boolean
  /** Without room for reasons and types. */
  tight: boolean
}

/** Why a group gave messages up, how often, and from when to when. */
export const CauseLine = memo(function CauseLine({ cause, open, tight }: CauseLineProps) {
  const { key, group, errorType, message, count: of, types, reasons, oldestAt, newestAt } = cause
  const whole = useDeadLetters((dead) => dead.selection.causes.has(key))
  const ticked = useDeadLetters((dead) => dead.selection.ids)
  const some = useKnownLetters(({ letters }) => (letters.get(key) ?? []).some(({ id }) => ticked.has(id))) ?? false
  const named = types.filter((type) => type !== '')
  return (
    <tr className={whole ? rowSelected : 'hover:*:bg-hover'} data-row={key}>
      <td>
        <TickBox
          label={`Choose all ${of} of ${errorType} in ${group}`}
          state={whole ? 'on' : some ? 'some' : 'off'}
          onToggle={() => tickCause(key)}
        />
      </td>
      <td
        title={[`${errorType}: ${message}`, ...(tight ? [reasons.join(', '), named.join(', ')] : [])].join('\n').trim()}
      >
        <button
          type="button"
          className="flex h-5 w-full items-center gap-1.5 rounded-sm border-0 bg-transparent p-0 text-left"
          aria-expanded={open}
          onClick={() => toggleLetters(key)}
        >
          <Icon className="flex-none text-fg-3" name={open ? 'down' : 'right'} size={12} />
          <b>{errorType}</b> <span className="min-w-0 truncate text-fg-3">{message}</span>
        </button>
      </td>
      <td>{group}</td>
      {tight ? null : (
        <>
          <td title={reasons.map((reason) => reasonWords[reason]).join(', ') || undefined}>
            <code>{reasons.length === 0 ? 'by the broker' : reasons.join(', ')}</code>
          </td>
          <td className="mono" title={named.join(', ')}>
            {named.length === 0 ? <span className="text-fg-3">none</span> : named[0]}
            {named.length > 1 ? <span className="text-fg-3"> +{named.length - 1}</span> : null}
          </td>
        </>
      )}
      <td className="text-right">
        <b>{count(of)}</b>
      </td>
      <td className="text-right text-fg-3" title={span(oldestAt, newestAt)}>
        {tight ? clock(newestAt).slice(0, 8) : span(oldestAt, newestAt)}
      </td>
    </tr>
  )
})

interface LetterLineProps {
  letter: DeadLetterItem
  open: boolean
  /** Without room for its error and the broker's id. */
  tight: boolean
}

/** One dead letter below its cause. */
export const LetterLine = memo(function LetterLine({ letter, open, tight }: LetterLineProps) {
  const { id, messageId, topic, key, ref, error, at, cause } = letter
  const ticked = useDeadLetters((dead) => dead.selection.ids.has(id) || dead.selection.causes.has(cause))
  const split = messageId?.indexOf(topic) ?? -1
  return (
    // The link is what the keyboard reaches; a click anywhere on the line but its box does the same.
    <tr
      className={cn('cursor-pointer', open ? rowSelected : '*:bg-sunken')}
      data-row={id}
      onClick={({ target }) => {
        if (target instanceof Element && !target.closest('label, a')) setParams(letterPatch(id))
      }}
    >
      <td />
      <td className={cn(messageIdClass, 'pl-6.5 text-fg-2')}>
        <span className="flex min-w-0 items-center gap-2">
          <TickBox
            label={`Choose ${messageId ?? id}`}
            state={ticked ? 'on' : 'off'}
            onToggle={() => void tickLetter(letter)}
          />
          <RouteLink
            className="block overflow-hidden text-ellipsis text-inherit hover:no-underline"
            path="/"
            patch={letterPatch(id)}
            aria-current={open ? 'true' : undefined}
            title={messageId ?? id}
          >
            {messageId === undefined ? (
              <b>no identity</b>
            ) : (
              <>
                {messageId.slice(0, Math.max(0, split))}
                <b>{messageId.slice(Math.max(0, split))}</b>
              </>
            )}
          </RouteLink>
        </span>
      </td>
      <td className="mono text-fg-3" title={key}>
        {key === undefined ? 'no key' : `key ${shortKey(key)}`}
      </td>
      {tight ? null : (
        <td className="mono text-fg-3" title={ref}>
          {ref === undefined ? '–' : ref.slice(0, 12)}
        </td>
      )}
      <td className="text-fg-3" colSpan={tight ? 1 : 2} title={error.message}>
        {error.message}
      </td>
      <td className="text-right text-fg-3">{clock(at).slice(0, 8)}</td>
    </tr>
  )
})

const span = (from: string, to: string): string => {
  const [first, last] = [clock(from).slice(0, 8), clock(to).slice(0, 8)]
  return first === last ? first : `${first} – ${last}`
}
