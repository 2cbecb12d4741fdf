'use client'

import { CopyButton } from '#web/ui/copy-button.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { codeClass } from '#web/ui/recipes/code-block.ts'
import { fieldClass } from '#web/ui/recipes/input-box.ts'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import { JsonEditor } from '../json/json-editor.tsx'
import { textPositionOf } from '../json/json-positions.ts'
import type { FormProblem } from '../schema/validator.ts'
import { usePublish } from './publish-store.ts'
import { bodyOf, curlOf, type PublishBody, textOf } from './publish-text.ts'

interface RequestPaneProps {
  body: PublishBody
  /** What the reader typed, if it is not what the form would print. */
  text: string | undefined
  problems: FormProblem[]
}

/** The same event as JSON, which can be edited, and as a command for a shell. */
export function RequestPane({ body, text, problems }: RequestPaneProps) {
  const editText = usePublish((publish) => publish.editText)
  const shown = text ?? textOf(body)
  const read = bodyOf(shown)
  const places = problems.map((problem) =>
    read.ok
      ? { ...problem, place: textPositionOf(read.places, `/data${problem.path}`) }
      : { ...problem, place: undefined },
  )
  const curl = curlOf(body, window.location.origin)
  const listed = read.ok ? places : [{ path: '', message: read.message, place: { line: read.line } }]
  return (
    <>
      <div className={cn(fieldClass, 'max-[1279px]:group-not-data-[pane=json]/publish:hidden')}>
        <div className={sectionHead}>
          <h3>JSON</h3>
          <span className="type-11 text-fg-3">edits flow back into the form</span>
          <span className="flex-1" />
          <CopyButton text={shown} />
        </div>
        <JsonEditor
          label="The event as JSON"
          value={shown}
          onChange={editText}
          invalid={listed.length > 0}
          describedBy="publish-json-problems"
          marks={
            read.ok
              ? places.flatMap(({ place }) => (place ? [place] : []))
              : [{ from: Math.min(read.from, shown.length - 1), to: Math.min(read.from + 1, shown.length) }]
          }
        />
        <ul className="text-fg-2 empty:hidden" id="publish-json-problems">
          {listed.map((problem) => (
            <li key={problem.path + problem.message}>
              {problem.place ? <span className="text-fg-3">line {problem.place.line} </span> : null}
              {problem.path ? <code className="font-semibold text-lost-fg">{problem.path}</code> : null}{' '}
              {problem.message}
            </li>
          ))}
        </ul>
      </div>
      <div className={cn(fieldClass, 'max-[1279px]:group-not-data-[pane=curl]/publish:hidden')}>
        <div className={sectionHead}>
          <h3>cURL</h3>
          <span className="type-11 text-fg-3">same event, from a shell</span>
          <span className="flex-1" />
          <CopyButton text={curl} />
        </div>
        <pre className={cn(codeClass, 'tracking-[-0.02em] wrap-anywhere whitespace-pre-wrap')}>{curl}</pre>
      </div>
    </>
  )
}
