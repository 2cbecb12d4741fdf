'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type OutboxEmail, outboxEmail } from '#contracts/api/outbox.ts'
import { read, serverState } from '#web/http/server-state.ts'
import { HeaderList } from '#web/ui/header-list.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { clock } from '../words/figures.ts'
import { MessageOf } from './row-reader.tsx'

type View = 'html' | 'text' | 'headers'

/** One mail of a list; of a long one the list has the beginning, and the rest is read when it is opened. */
export function EmailReader({ email }: { email: OutboxEmail }) {
  const whole = useQuery(
    {
      queryKey: ['outbox', 'email', email.position],
      queryFn: ({ signal }) => read(`/api/outbox/emails/${email.position}`, outboxEmail, signal),
      enabled: email.cut === true,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
    },
    serverState,
  )
  return (
    <>
      {email.cut === true && whole.data === undefined ? (
        <p className="text-fg-3" role="status">
          {whole.isError
            ? 'The rest of this mail could not be read; this is its beginning.'
            : 'Reading the rest of this mail…'}
        </p>
      ) : null}
      <WholeEmail email={whole.data ?? email} />
    </>
  )
}

/** One mail as its reader sees it. The HTML is shown in a frame that runs no script and reaches nothing outside. */
function WholeEmail({ email }: { email: OutboxEmail }) {
  const [view, setView] = useState<View>(email.html === undefined ? 'text' : 'html')
  const headers = Object.entries(email.headers)
  return (
    <article className="flex min-h-0 min-w-0 flex-col" aria-label={`Mail: ${email.subject}`}>
      <header className="grid gap-1 border-b border-line px-4 py-2">
        <div className="flex min-w-0 items-center gap-2">
          <h2 className="min-w-0 truncate type-13 font-semibold">{email.subject || '(no subject)'}</h2>
          <span className="flex-1" />
          <Seg<View>
            label="Show the mail as"
            value={view}
            options={[
              ...(email.html === undefined ? [] : [{ value: 'html' as const, label: 'Mail' }]),
              { value: 'text', label: 'Text' },
              { value: 'headers', label: 'Headers' },
            ]}
            onChange={setView}
          />
        </div>
        <p className="min-w-0 truncate text-fg-3">
          {email.from} to <b className="text-fg-2">{email.to}</b>, accepted {clock(email.receivedAt)}
        </p>
        <MessageOf id={email.messageId} />
      </header>
      <div
        // It scrolls, and text and headers have nothing else that a keyboard could scroll it by. A mail scrolls in its frame.
        tabIndex={view === 'html' && email.html !== undefined ? undefined : 0}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-2 focus-visible:-outline-offset-2 has-[iframe]:overflow-hidden has-[iframe]:p-0"
      >
        {view === 'html' && email.html !== undefined ? (
          <iframe
            className="block h-full w-full border-0 bg-[#fff] [color-scheme:light]"
            title={`Mail: ${email.subject}`}
            sandbox=""
            referrerPolicy="no-referrer"
            srcDoc={framed(email.html)}
          />
        ) : view === 'headers' ? (
          <HeaderList headers={headers} look="lined" />
        ) : (
          <pre className="type-mono-12 wrap-anywhere whitespace-pre-wrap">{email.text}</pre>
        )}
      </div>
    </article>
  )
}

/** The mail with a policy of its own: no script, no request, its own styles only. */
const framed = (html: string): string =>
  `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">${html}`
