'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { useLive } from '#web/live/live-store.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { setParams, usePlace } from '#web/live/url-state.ts'
import { Button, buttonClass } from '#web/ui/button.tsx'
import { DockTools } from '#web/ui/dock-tools.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { emptyClass } from '#web/ui/recipes/panel-parts.ts'
import { Seg } from '#web/ui/seg.tsx'
import { count } from '../words/figures.ts'
import { useAnswered } from './answered-mails.ts'
import { EmailList } from './email-list.tsx'
import { EmailReader } from './email-reader.tsx'
import { emailKey, type Outbox, type OutboxKind, type OutboxSearch, rowKey, useOutbox } from './outbox-store.ts'
import { RowList } from './row-list.tsx'
import { RowReader } from './row-reader.tsx'

const refreshMs = 1_000

/** What the consumers did: e-mails as a reader sees them, and rows. `?outbox=rows`, `?of=` one message, `?item=` the open one. */
export function OutboxTab() {
  const query = usePlace()?.query
  const kind: OutboxKind = query?.get('outbox') === 'rows' ? 'rows' : 'emails'
  const q = query?.get('q') ?? ''
  const of = query?.get('of') ?? ''
  const item = query?.get('item')
  const outbox = useOutbox({ kind, q, of })
  const { emails, rows } = outbox
  useRefresh(kind, outbox.refresh)
  const email = emails.find((one) => emailKey(one) === item) ?? emails[0]
  const row = rows.find((one) => rowKey(one) === item) ?? rows[0]
  const empty = kind === 'emails' ? !email : !row
  return (
    <div className="grid h-full min-h-0 flex-1 grid-cols-[minmax(260px,360px)_minmax(0,1fr)] max-[767px]:grid-cols-[1fr]">
      <Tools kind={kind} q={q} of={of} total={outbox.total} listed={emails.length + rows.length} />
      {kind === 'emails' && !empty ? <SentElsewhere outbox={outbox} /> : null}
      {empty ? (
        <Nothing outbox={outbox} kind={kind} filtered={q !== '' || of !== ''} />
      ) : kind === 'emails' && email ? (
        <>
          <EmailList outbox={outbox} open={emailKey(email)} />
          <EmailReader key={emailKey(email)} email={email} />
        </>
      ) : row ? (
        <>
          <RowList outbox={outbox} open={rowKey(row)} />
          <RowReader row={row} />
        </>
      ) : null}
    </div>
  )
}

/** Above mails from before: where they go now. */
function SentElsewhere({ outbox }: { outbox: Outbox }) {
  const { server, accepted } = useAnswered(outbox.destination)
  if (server === undefined) return null
  return (
    <p className="col-span-full border-b border-line px-4 py-1.5 text-fg-2" role="note">
      Mails go to {server} now, of which only the answers are seen: it accepted {count(accepted)}. These are from
      before.
    </p>
  )
}

/** The effect that each list holds. */
const effectIn = { emails: 'email', rows: 'row' } as const

/** Reads the newest again when the effect's count has moved, at most once a second. */
function useRefresh(kind: OutboxKind, refresh: () => Promise<void>): void {
  const effect = effectIn[kind]
  const total = useLive((live) => {
    const node = live.topology.nodes.find((one) => one.kind === 'effect' && one.effect === effect)
    return node ? (live.nodes[node.id]?.total ?? 0) : 0
  })
  const [shown, setShown] = useState(total)
  const catchUp = useEffectEvent(() => {
    setShown(total)
    void refresh()
  })
  const isBehind = total !== shown
  useEffect(() => {
    if (!isBehind) return
    const timer = setTimeout(() => catchUp(), refreshMs)
    return () => clearTimeout(timer)
  }, [isBehind])
}

function Tools({ kind, q, of, total, listed }: OutboxSearch & { total: number; listed: number }) {
  const [text, setText] = useState(q)
  useEffect(() => setText(q), [q])
  useEffect(() => {
    if (text.trim() === q) return
    const timer = setTimeout(() => setParams({ q: text.trim() || undefined, item: undefined }, { replace: true }), 250)
    return () => clearTimeout(timer)
  }, [text, q])
  return (
    <DockTools>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-fg-3" aria-live="polite">
        {listed > 0 && listed < total ? `newest ${count(listed)} of ` : ''}
        {count(total)} {effectOf(effectIn[kind]).words[total === 1 ? 'one' : 'many']}
      </span>
      {of === '' ? null : (
        <Button small title={of} onClick={() => setParams({ of: undefined, item: undefined })}>
          of one message <Icon name="x" size={12} />
        </Button>
      )}
      <Seg<OutboxKind>
        label="Kind"
        value={kind}
        options={[
          { value: 'emails', label: 'Mails' },
          { value: 'rows', label: 'Rows' },
        ]}
        onChange={(next) => setParams({ outbox: next === 'rows' ? next : undefined, item: undefined })}
      />
      <TextInput
        quiet
        boxClass="h-6 w-46 max-[1439px]:w-37"
        type="search"
        data-search
        aria-label={
          kind === 'emails' ? 'Search mails by subject, address and message' : 'Search rows by message, type and key'
        }
        placeholder={kind === 'emails' ? 'Subject, address…' : 'Message, type, key…'}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        before={<Icon name="search" />}
        after={<kbd>/</kbd>}
      />
    </DockTools>
  )
}

function Nothing({ outbox, kind, filtered }: { outbox: Outbox; kind: OutboxKind; filtered: boolean }) {
  const { problem, loading, reload, destination } = outbox
  const { server, accepted } = useAnswered(destination)
  if (problem) {
    return (
      <Empty
        className="col-span-full"
        icon="alert"
        title={problem.title}
        action={<Button onClick={reload}>Try again</Button>}
      >
        {problem.detail}
      </Empty>
    )
  }
  if (loading) return <div className={cn(emptyClass, 'col-span-full')} aria-busy="true" />
  if (filtered) {
    return (
      <Empty
        className="col-span-full"
        icon="search"
        title={kind === 'emails' ? 'No mail fits' : 'No row fits'}
        action={<Button onClick={() => setParams({ q: undefined, of: undefined })}>Show all</Button>}
      >
        It may not be there yet: what is searched for appears when the consumer has done it.
      </Empty>
    )
  }
  if (kind === 'emails' && server !== undefined) {
    return (
      <Empty className="col-span-full" icon="mail" title={`Mails go to ${server}`}>
        The lab sees only the answers of that server, not the mails: it accepted {count(accepted)}. They can be read
        there. Unset SMTP_URL to have them here.
      </Empty>
    )
  }
  return (
    <Empty
      className="col-span-full"
      icon={kind === 'emails' ? 'mail' : 'db'}
      title={kind === 'emails' ? 'No mail was accepted yet' : 'No row was written yet'}
      action={
        <RouteLink className={buttonClass()} path="/publish">
          <Icon name="send" />
          Publish an event
        </RouteLink>
      }
    >
      {kind === 'emails'
        ? 'consumer-email sends one over SMTP for every event it takes.'
        : 'consumer-db writes one for every event it takes.'}
    </Empty>
  )
}
