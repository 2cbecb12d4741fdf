'use client'

import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { Annotation, Compartment, EditorState, type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { cn } from '#web/ui/recipes/cn.ts'

/** A stretch of the text to underline. */
export interface TextMark {
  from: number
  to: number
}

/** What a bar above the editor can ask of it. */
export interface EditorHandle {
  undo: () => void
  redo: () => void
  /** Puts a text in place of a stretch, as if the reader had typed it, and goes there. */
  replace: (mark: TextMark, text: string) => void
  /** Goes to a place and gives the editor the focus. */
  goTo: (offset: number) => void
}

export interface CodeEditorProps {
  /** Grammar of the text. It is taken once. */
  language: Extension
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
  /** Lines to tint, from 1. */
  badLines?: number[]
  /** Called with the offset of the cursor whenever it moves. */
  onCursor?: (offset: number) => void
  ref?: Ref<EditorHandle>
}

const fromOutside = Annotation.define<boolean>()

/** A text editor. Tab leaves it, so that focus is never trapped; Mod-Enter is left to the page. */
export function CodeEditor({
  language,
  value,
  onChange,
  label,
  marks = [],
  invalid = false,
  readOnly = false,
  describedBy,
  className,
  badLines = [],
  onCursor,
  ref,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const changed = useRef(onChange)
  const moved = useRef(onCursor)
  const first = useRef(value)
  const grammar = useRef(language)
  const settings = useRef({ attributes: new Compartment() })

  useEffect(() => {
    changed.current = onChange
    moved.current = onCursor
  }, [onChange, onCursor])

  useImperativeHandle(
    ref,
    () => ({
      undo: () => void (view.current && undo(view.current)),
      redo: () => void (view.current && redo(view.current)),
      replace: ({ from, to }, insert) => {
        view.current?.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } })
        view.current?.focus()
      },
      goTo: (offset) => {
        const anchor = Math.min(offset, view.current?.state.doc.length ?? 0)
        view.current?.dispatch({ selection: { anchor }, scrollIntoView: true })
        view.current?.focus()
      },
    }),
    [],
  )

  useEffect(() => {
    if (!host.current) return
    const { attributes } = settings.current
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
          grammar.current,
          syntaxHighlighting(colours),
          look,
          keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap]),
          marksField,
          attributes.of([]),
          EditorView.updateListener.of((update) => {
            const own = update.transactions.some((transaction) => transaction.annotation(fromOutside))
            if (update.docChanged && !own) changed.current?.(update.state.doc.toString())
            if (update.selectionSet || update.docChanged) moved.current?.(update.state.selection.main.head)
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

  const tinted = badLines.join()
  const spans = marks.map((mark) => `${mark.from}-${mark.to}`).join()
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const length = editor.state.doc.length
    const ranges = spans
      .split(',')
      .map((span) => span.split('-').map(Number))
      .flatMap(([from = 0, to = 0]) => (from < to && to <= length ? [underline.range(from, to)] : []))
    const lines = tinted
      .split(',')
      .map(Number)
      .flatMap((line) =>
        line >= 1 && line <= editor.state.doc.lines ? [tint.range(editor.state.doc.line(line).from)] : [],
      )
    editor.dispatch({
      effects: setMarks.of(Decoration.set([...lines, ...ranges], true)),
    })
  }, [spans, tinted])

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

/** What is marked. It moves with the text, which may get shorter before it is known what is wrong with it now. */
const setMarks = StateEffect.define<DecorationSet>()
const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) =>
    transaction.effects.reduce(
      (found, effect) => (effect.is(setMarks) ? effect.value : found),
      marks.map(transaction.changes),
    ),
  provide: (field) => EditorView.decorations.from(field),
})

const underline = Decoration.mark({ class: 'err' })
const tint = Decoration.line({ class: 'bad' })

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
