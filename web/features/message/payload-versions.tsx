'use client'

import { useMemo, useState } from 'react'
import type { Redriven } from '#contracts/api/dead-letter.ts'
import type { Journey } from '#contracts/api/journey.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { Seg } from '#web/ui/seg.tsx'
import { JsonView } from '../json/json-view.tsx'
import { printJson } from '../json/print-json.ts'
import { clock } from '../words/figures.ts'
import { type DiffLine, lineDiff } from './line-diff.ts'

type Version = 'published' | 'redriven' | 'diff'

/** The data of the event as it was published, and where a redrive carried another, that one and what differs. */
export function Payload({ journey, redrives }: { journey: Journey; redrives: readonly Redriven[] }) {
  const [version, setVersion] = useState<Version>('diff')
  const published = useMemo(() => printJson(journey.payload), [journey.payload])
  const edit = redrives.findLast(({ body }) => body !== undefined)
  const redriven = useMemo(() => (edit?.body === undefined ? undefined : laidOut(edit.body)), [edit])
  if (edit === undefined || redriven === undefined) {
    return (
      <Section
        title="Payload"
        aside={`${journey.type} v${journey.headers.ce_dataversion ?? '1'}`}
        actions={<CopyButton text={published} />}
      >
        <JsonView text={published} tight />
      </Section>
    )
  }
  return (
    <Section title="Payload" aside={`edited for ${edit.group} at ${clock(edit.at).slice(0, 8)}`}>
      <div className="flex items-center gap-2">
        <Seg<Version>
          label="Version of the payload"
          value={version}
          onChange={setVersion}
          options={[
            { value: 'published', label: 'As published' },
            { value: 'redriven', label: 'As redriven' },
            { value: 'diff', label: 'Diff' },
          ]}
        />
        <span className="flex-1" />
        <CopyButton text={version === 'published' ? published : redriven} />
      </div>
      {version === 'diff' ? (
        <Diff before={published} after={redriven} />
      ) : (
        <JsonView text={version === 'published' ? published : redriven} tight />
      )}
    </Section>
  )
}

/** A body as JSON is printed; one that is not JSON as it is. */
function laidOut(body: string): string {
  try {
    return printJson(parseExact(body))
  } catch {
    return body
  }
}

const lineClass: Record<DiffLine['kind'], string> = {
  same: 'text-fg-2',
  before: 'bg-lost-bg text-lost-fg',
  after: 'bg-delivered-bg text-delivered-fg',
}
const signs: Record<DiffLine['kind'], string> = { same: ' ', before: '-', after: '+' }

function Diff({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => lineDiff(before, after).map((line, place) => ({ ...line, place })), [before, after])
  if (lines.every(({ kind }) => kind === 'same')) return <p className="text-fg-3">Both versions hold the same data.</p>
  return (
    <pre className={cn(codeClass, 'px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}>
      {lines.map(({ place, kind, text, changed: [from, to] = [0, 0] }) => (
        <span key={place} className={cn('-mx-3 block px-3', lineClass[kind])}>
          {signs[kind]} {text.slice(0, from)}
          {/* Boxed, so that a space or a control character is seen. */}
          {from === to ? null : (
            <b className="rounded-sm font-semibold shadow-[0_0_0_1px_currentColor]">{text.slice(from, to)}</b>
          )}
          {text.slice(to)}
        </span>
      ))}
    </pre>
  )
}
