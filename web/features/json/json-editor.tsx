'use client'

import { json } from '@codemirror/lang-json'
import { CodeEditor, type CodeEditorProps } from '../code/code-editor.tsx'

const grammar = json()

/** A JSON editor. Tab leaves it, so that focus is never trapped; Mod-Enter is left to the page, which publishes. */
export const JsonEditor = (props: Omit<CodeEditorProps, 'language'>) => <CodeEditor language={grammar} {...props} />
