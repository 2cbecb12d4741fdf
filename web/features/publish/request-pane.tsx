'use client'

import { CopyButton } from '#web/ui/copy-button.tsx'
import { JsonEditor } from '../json/json-editor.tsx'
import { placeOf } from '../json/json-positions.ts'
import type { DataProblem } from '../schema/validator.ts'
import { usePublish } from './publish-store.ts'
import { bodyOf, curlOf, type PublishBody, textOf } from './publish-text.ts'

interface RequestPaneProps {
  body: PublishBody
  /** What the reader typed, where it is not what the form would print. */
  text: string | undefined
  problems: DataProblem[]
}

/** The same event as JSON, which can be edited, and as a command for a shell. */
export function RequestPane({ body, text, problems }: RequestPaneProps) {
  const editText = usePublish((publish) => publish.editText)
  const shown = text ?? textOf(body)
  const read = bodyOf(shown)
  const places = problems.map((problem) =>
    read.ok ? { ...problem, place: placeOf(read.places, `/data${problem.path}`) } : { ...problem, place: undefined },
  )
  const curl = curlOf(body, window.location.origin)
  const told = read.ok ? places : [{ path: '', message: read.message, place: { line: read.line } }]
  return (
    <>
      <div className="field publish__json">
        <div className="sect__head">
          <h3>JSON</h3>
          <span className="t3">edits flow back into the form</span>
          <span className="spacer" />
          <CopyButton text={shown} />
        </div>
        <JsonEditor
          label="The event as JSON"
          value={shown}
          onChange={editText}
          invalid={told.length > 0}
          describedBy="publish-json-problems"
          marks={
            read.ok
              ? places.flatMap(({ place }) => (place ? [place] : []))
              : [{ from: Math.min(read.from, shown.length - 1), to: Math.min(read.from + 1, shown.length) }]
          }
        />
        <ul className="problems" id="publish-json-problems">
          {told.map((problem) => (
            <li key={problem.path + problem.message}>
              {problem.place ? <span className="t3">line {problem.place.line} </span> : null}
              {problem.path ? <code>{problem.path}</code> : null} {problem.message}
            </li>
          ))}
        </ul>
      </div>
      <div className="field publish__curl">
        <div className="sect__head">
          <h3>cURL</h3>
          <span className="t3">same event, from a shell</span>
          <span className="spacer" />
          <CopyButton text={curl} />
        </div>
        <pre className="code code--wrap">{curl}</pre>
      </div>
    </>
  )
}
