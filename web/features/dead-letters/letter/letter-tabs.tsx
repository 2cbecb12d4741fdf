'use client'

import { useMemo, useState } from 'react'
import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { HeaderList } from '#web/ui/header-list.tsx'
import { Section } from '#web/ui/panel.tsx'
import { Seg } from '#web/ui/seg.tsx'
import { count } from '../../words/figures.ts'
import { bytesOf, hexDump, hexLines } from './hex-dump.ts'

/** What came with the body. */
export function LetterHeaders({ letter }: { letter: DeadLetterItem }) {
  const headers = Object.entries(letter.headers)
  const text = headers.map(([name, value]) => `${name}: ${value}`).join('\n')
  return (
    <div className="side__body dead__body">
      <Section title="Headers" aside={`${headers.length}, of the original`} actions={<CopyButton text={text} />}>
        {headers.length === 0 ? <p className="t3">It came without any.</p> : null}
        <HeaderList headers={headers} className="dead__headers" />
      </Section>
    </div>
  )
}

/** The body as it came, as text or byte by byte. */
export function LetterRaw({ letter }: { letter: DeadLetterItem }) {
  const { raw, rawBase64 } = letter
  const [as, setAs] = useState<'text' | 'hex'>(rawBase64 === undefined ? 'text' : 'hex')
  const bytes = useMemo(() => bytesOf({ raw, rawBase64 }), [raw, rawBase64])
  return (
    <div className="side__body dead__body">
      <Section
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
          <pre className="code code--wrap code--tight">{raw || 'empty'}</pre>
        ) : (
          <>
            <pre className="code code--tight dead__hex">{hexDump(bytes)}</pre>
            {bytes.length > hexLines * 16 ? (
              <p className="t3">The first {count(hexLines * 16)} bytes; Copy takes all.</p>
            ) : null}
          </>
        )}
      </Section>
    </div>
  )
}
