'use client'

import { useId } from 'react'
import { Button } from '#web/ui/button.tsx'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { JsonEditor } from '../json/json-editor.tsx'
import type { TextProblem } from './event-type-draft.ts'

interface TextEditorProps {
  title: string
  aside: string
  /** What is said if nothing is wrong. */
  good: string
  value: string
  problems: TextProblem[]
  readOnly: boolean
  onChange: (text: string) => void
  /** One thing that mends it. */
  action?: { label: string; run: () => void } | undefined
}

const shownProblems = 5

/** A JSON text with what is wrong with it on a bar below, by pointer and line. */
export function TextEditor({ title, aside, good, value, problems, readOnly, onChange, action }: TextEditorProps) {
  const id = useId()
  const [first] = problems
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className={sectionHead}>
        <h3>{title}</h3>
        <span className="type-11 text-fg-3">{aside}</span>
        <span className="flex-1" />
        {first ? (
          <Status tone="lost" glyph="lost">
            {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
          </Status>
        ) : (
          <Status tone="delivered" glyph="delivered">
            {good}
          </Status>
        )}
        {action && !first ? (
          <Button variant="ghost" small onClick={action.run}>
            {action.label}
          </Button>
        ) : null}
      </div>
      <div>
        <JsonEditor
          label={title}
          value={value}
          onChange={onChange}
          readOnly={readOnly}
          invalid={first !== undefined}
          className={first && 'rounded-b-none'}
          describedBy={id}
          marks={problems.flatMap(({ place }) =>
            place && place.to - place.from < 200 ? [{ from: place.from, to: Math.min(place.to, value.length) }] : [],
          )}
        />
        <div id={id} aria-live="polite">
          {problems.slice(0, shownProblems).map((problem, index) => (
            <div
              className="flex min-h-8 items-center gap-2 border border-t-0 border-lost bg-lost-bg py-1 pr-1 pl-3 text-fg last:rounded-b-md"
              key={problem.path + problem.message}
            >
              {problem.path ? <code className="font-semibold text-lost-fg">{problem.path}</code> : null}
              <span className="wrap-anywhere">{problem.message}</span>
              <span className="flex-1" />
              {problem.place ? <span className="whitespace-nowrap text-fg-2">line {problem.place.line}</span> : null}
              {action && index === 0 ? (
                <Button variant="ghost" small onClick={action.run}>
                  {action.label}
                </Button>
              ) : null}
            </div>
          ))}
          {problems.length > shownProblems ? (
            <div className="flex min-h-8 items-center gap-2 border border-t-0 border-lost bg-lost-bg py-1 pr-1 pl-3 text-fg last:rounded-b-md">
              and {problems.length - shownProblems} more
            </div>
          ) : null}
        </div>
      </div>
    </div>
  )
}
