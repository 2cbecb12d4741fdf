'use client'

import { useId, useMemo, useRef, useState } from 'react'
import type { EditorHandle } from '../code/code-editor.tsx'
import { fileProblems, type PlacedProblem } from '../code/file-problems.ts'
import { ProblemStrip } from '../code/problem-strip.tsx'
import { offsetAt } from '../code/text-places.ts'
import { YamlEditor } from '../code/yaml-editor.tsx'
import { useLabDraft } from '../lab/draft-store.ts'
import { pathAt } from './lab-document.ts'

const none: PlacedProblem[] = []

/** What is wrong with the draft, with its places in the text. */
export function useFileProblems(): PlacedProblem[] {
  const problem = useLabDraft((draft) => (draft.state === 'wrong' ? draft.problem : undefined))
  const text = useLabDraft((draft) => draft.text)
  return useMemo(() => (problem ? fileProblems(problem, text) : none), [problem, text])
}

/** The draft as a file. */
export function FileView({ file }: { file: string }) {
  const { text, edit } = useLabDraft()
  const problems = useFileProblems()
  const id = useId()
  const editor = useRef<EditorHandle>(null)
  const [cursor, setCursor] = useState(0)
  const path = useMemo(() => pathAt(text, cursor), [text, cursor])
  const offsetOf = ({ place }: PlacedProblem): number => {
    const [line = 1, column = 1] = (place ?? '').split(':').map(Number)
    return offsetAt(text, line, column)
  }
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] content-start gap-3 p-4" aria-label="File">
      <div className="min-w-0">
        <YamlEditor
          ref={editor}
          file={file}
          value={text}
          problems={problems}
          describedBy={id}
          onChange={edit}
          onCursor={setCursor}
        />
        <ProblemStrip
          id={id}
          problems={problems}
          onGo={(problem) => editor.current?.goTo(offsetOf(problem))}
          onFix={({ token, fix }) => token && fix && editor.current?.replace(token, fix.text)}
        />
      </div>
      <p className="text-fg-3">
        At the cursor <code>{path === '' ? 'the top of the file' : path}</code>
      </p>
      <p className="text-fg-3">
        The form and the file are one draft: an edit in either shows in both. Secrets stay out of the file:{' '}
        <code>env: {'{ PSP_KEY: $PSP_KEY }'}</code> reads them from the environment of the lab.
      </p>
    </section>
  )
}
