'use client'

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { Annotation, Compartment, EditorState } from '@codemirror/state'
import { Decoration, drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { cn } from '#web/ui/recipes/cn.ts'

/** A stretch of the text to underline. */
export interface TextMark {
  from: number
  to: number
}

interface JsonEditorProps {
  value: string
  /** Called with every change that the user makes, never with those that come from `value`. */
  onChange?: (text: string) => void
  label: string
  marks?: TextMark[]
  invalid?: boolean
  readOnly?: boolean
  /** Id of the text that says what is wrong. */
  describedBy?: string
  className?: string
}

const fromOutside = Annotation.define<boolean>()

/** A JSON editor. Tab leaves it, so that focus is never trapped; Mod-Enter is left to the page, which publishes. */
export function JsonEditor({
  value,
  onChange,
  label,
  marks = [],
  invalid = false,
  readOnly = false,
  describedBy,
  className,
}: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const changed = useRef(onChange)
  const first = useRef(value)
  const settings = useRef({ marks: new Compartment(), attributes: new Compartment() })

  useEffect(() => {
    changed.current = onChange
  }, [onChange])

  useEffect(() => {
    if (!host.current) return
    const { marks: marked, attributes } = settings.current
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          json(),
          syntaxHighlighting(colours),
          look,
          keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap]),
          marked.of([]),
          attributes.of([]),
          EditorView.updateListener.of((update) => {
            const own = update.transactions.some((transaction) => transaction.annotation(fromOutside))
            if (update.docChanged && !own) changed.current?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = undefined
      editor.destroy()
    }
  }, [])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    const head = Math.min(editor.state.selection.main.head, value.length)
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      selection: { anchor: head },
      annotations: fromOutside.of(true),
    })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({
      effects: settings.current.attributes.reconfigure([
        EditorState.readOnly.of(readOnly),
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-invalid': String(invalid),
          tabindex: '0',
          ...(readOnly ? { 'aria-readonly': 'true' } : {}),
          ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
        }),
      ]),
    })
  }, [label, invalid, readOnly, describedBy])

  const spans = marks.map((mark) => `${mark.from}-${mark.to}`).join()
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const length = editor.state.doc.length
    const ranges = spans
      .split(',')
      .map((span) => span.split('-').map(Number))
      .flatMap(([from = 0, to = 0]) => (from < to && to <= length ? [underline.range(from, to)] : []))
    editor.dispatch({
      effects: settings.current.marks.reconfigure(EditorView.decorations.of(Decoration.set(ranges, true))),
    })
  }, [spans])

  return (
    <div
      ref={host}
      className={cn(
        'overflow-hidden rounded-md border border-line bg-sunken focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent [&_.cm-scroller]:overflow-auto',
        invalid && 'border-lost',
        className,
      )}
    />
  )
}

const underline = Decoration.mark({ class: 'err' })

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)' },
  { tag: tags.string, color: 'var(--text-2)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--accent-fg)' },
  { tag: [tags.separator, tags.bracket, tags.punctuation, tags.brace, tags.squareBracket], color: 'var(--text-3)' },
])

const look = EditorView.theme({
  '&': { background: 'transparent', color: 'var(--text-2)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: '11px/18px var(--font-mono)', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 0' },
  '.cm-gutters': { background: 'transparent', border: '0', color: 'var(--text-3)', paddingLeft: '12px' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '20px', padding: '0 12px 0 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--accent-border)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--hover)', outline: '1px solid var(--border)' },
  '.cm-nonmatchingBracket': { color: 'var(--lost-fg)' },
})
