import type { Attempt, ProgramSpan } from '#contracts/api/journey.ts'
import { HeaderList } from '#web/ui/header-list.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { sectionClass, sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { statusClass } from '#web/ui/status.tsx'
import { clock, durationWords } from '../../words/figures.ts'
import { spanRequest } from './program-span-words.ts'
import { clockWords } from './program-spans.ts'

/** One span of a program in words, with all that its program said of it. */
export function ProgramSpanDetail({ span, attempt }: { span: ProgramSpan; attempt: Attempt }) {
  const request = spanRequest(span)
  const attributes = Object.entries(span.attributes)
  const clocks = clockWords(span, attempt)
  return (
    <section className={cn(sectionClass, 'gap-1')} aria-label="Span of the program" aria-live="polite">
      <div className={sectionHead}>
        <h3 className="min-w-0 truncate" title={span.name}>
          {span.name || 'Span without a name'}
        </h3>
        {span.state === 'error' ? <span className={cn(statusClass, 'tone-retrying')}>failed</span> : null}
        <span className="flex-1" />
        <span className="type-11 text-fg-3">
          {[span.kind, span.service].filter((word) => word !== '').join(', ')}, as it reports
        </span>
      </div>
      {request === undefined ? null : (
        <pre
          className={cn(codeClass, 'max-h-40 overflow-auto px-3 py-1.5 leading-4 wrap-anywhere whitespace-pre-wrap')}
        >
          {request}
        </pre>
      )}
      {span.message === undefined ? null : <p className="wrap-anywhere">{span.message}</p>}
      <p className="text-fg-3">
        Started {clock(span.startedAt)}, took {durationWords(span.tookMs)}
        {span.placedBy === 'time' ? '. Its parent is not known: it is placed here by its service and its time' : ''}
      </p>
      {clocks === undefined ? null : <p className="text-fg-3">{clocks}</p>}
      {attributes.length === 0 ? null : <HeaderList headers={attributes} look="plain" />}
    </section>
  )
}
