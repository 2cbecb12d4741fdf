'use client'

import { useMemo, useState } from 'react'
import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { HeaderList } from '#web/ui/header-list.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { panelBody } from '#web/ui/recipes/panel-parts.ts'
import { Seg } from '#web/ui/seg.tsx'
import { count } from '../../words/figures.ts'
import { hexDump, hexLines, letterBytes } from './hex-dump.ts'

/** What came with the body. */
export function LetterHeaders({ letter }: { letter: DeadLetterItem }) {
  const headers = Object.entries(letter.headers)
  const text = headers.map(([name, value]) => `${name}: ${value}`).join('\n')
  return (
    <div className={panelBody} data-fades="">
      <Section
        className="flex-none"
        title="Headers"
        aside={`${headers.length}, of the original`}
        actions={<CopyButton text={text} />}
      >
        {headers.length === 0 ? <p className="text-fg-3">It came without any.</p> : null}
        <HeaderList headers={headers} look="plain" />
      </Section>
    </div>
  )
}

/** The body as it came, as text or byte by byte. */
export function LetterRaw({ letter }: { letter: DeadLetterItem }) {
  const { raw, rawBase64 } = letter
  const [as, setAs] = useState<'text' | 'hex'>(rawBase64 === undefined ? 'text' : 'hex')
  const bytes = useMemo(() => letterBytes({ raw, rawBase64 }), [raw, rawBase64])
  return (
    <div className={panelBody} data-fades="">
      <Section
        className="flex-none"
        title="Body"
        aside={`${bytes.length === 1 ? '1 byte' : `${count(bytes.length)} bytes`}${rawBase64 === undefined ? '' : ', no text'}`}
        actions={
          <>
            <Seg
              label="Show as"
              value={as}
              onChange={setAs}
              options={[
                { value: 'text', label: 'Text' },
                { value: 'hex', label: 'Hex' },
              ]}
            />
            <CopyButton text={as === 'text' ? raw : hexDump(bytes, Number.POSITIVE_INFINITY)} />
          </>
        }
      >
        {as === 'text' ? (
          <pre className={cn(codeClass, 'px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>
            {raw || 'empty'}
          </pre>
        ) : (
          <>
            <pre className={cn(codeClass, 'overflow-x-auto px-3 py-1.5 leading-4')}>{hexDump(bytes)}</pre>
            {bytes.length > hexLines * 16 ? (
              <p className="text-fg-3">The first {count(hexLines * 16)} bytes; Copy takes all.</p>
            ) : null}
          </>
        )}
      </Section>
    </div>
  )
}
