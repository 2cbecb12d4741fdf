'use client'

import { useState } from 'react'
import type { OutboxEmail } from '#contracts/api/outbox.ts'
import { HeaderList } from '#web/ui/header-list.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { clock } from '../words/figures.ts'
import { MessageOf } from './row-reader.tsx'

type View = 'html' | 'text' | 'headers'

/** One mail as its reader sees it. The HTML is shown in a frame that runs no script and reaches nothing outside. */
export function EmailReader({ email }: { email: OutboxEmail }) {
  const [view, setView] = useState<View>(email.html === undefined ? 'text' : 'html')
  const headers = Object.entries(email.headers)
  return (
    <article className="outbox__reader" aria-label={`Mail: ${email.subject}`}>
      <header className="outbox__head">
        <div className="row">
          <h2 className="clip">{email.subject || '(no subject)'}</h2>
          <span className="spacer" />
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
        <p className="t3 clip">
          {email.from} to <b className="t2">{email.to}</b>, accepted {clock(email.receivedAt)}
        </p>
        <MessageOf id={email.messageId} />
      </header>
      <div className="outbox__content">
        {view === 'html' && email.html !== undefined ? (
          <iframe
            className="outbox__frame"
            title={`Mail: ${email.subject}`}
            sandbox=""
            referrerPolicy="no-referrer"
            srcDoc={framed(email.html)}
          />
        ) : view === 'headers' ? (
          <HeaderList headers={headers} className="message__headers" />
        ) : (
          <pre className="outbox__text">{email.text}</pre>
        )}
      </div>
    </article>
  )
}

/** The mail with a policy of its own: no script, no request, its own styles only. */
const framed = (html: string): string =>
  `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">${html}`
