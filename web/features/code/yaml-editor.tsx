'use client'

import { yaml } from '@codemirror/lang-yaml'
import type { Ref } from 'react'
import { CodeEditor, type EditorHandle } from './code-editor.tsx'
import type { PlacedProblem } from './file-problems.ts'

const grammar = yaml()

interface YamlEditorProps {
  file: string
  value: string
  problems: readonly PlacedProblem[]
  describedBy: string
  onChange: (text: string) => void
  onCursor?: (offset: number) => void
  ref: Ref<EditorHandle>
}

/** The file as text: lines with a problem are tinted, the words that are wrong underlined. */
export const YamlEditor = ({ file, value, problems, describedBy, onChange, onCursor, ref }: YamlEditorProps) => (
  <CodeEditor
    ref={ref}
    language={grammar}
    label={file}
    value={value}
    onChange={onChange}
    {...(onCursor ? { onCursor } : {})}
    invalid={problems.length > 0}
    describedBy={describedBy}
    className={problems.length > 0 ? 'rounded-b-none' : ''}
    marks={problems.flatMap(({ token }) => (token && token.to <= value.length ? [token] : []))}
    badLines={problems.flatMap(({ line }) => (line === undefined ? [] : [line]))}
  />
)
