'use client'
import { useState } from 'react'
import { api } from '#web/live/api.ts'
import { Button } from '#web/ui/button.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'

/** A line to write a note into the log: what a person did or saw, between what the lab tells. */
export function NoteForm() {
  const [text, setText] = useState('')
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string>()
  const send = async (): Promise<void> => {
    setSaving(true)
    const answer = await api.post('/api/event-log', { message: text.trim() })
    setSaving(false)
    if (!answer.ok) return setProblem(answer.problem.detail)
    setProblem(undefined)
    setText('')
  }
  return (
    <form
      className="flex flex-none items-center gap-2 border-b border-line px-4 py-1"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '' && !saving) void send()
      }}
    >
      <TextInput
        quiet
        boxClass="h-6 min-w-0 flex-1"
        aria-label="Note"
        placeholder="Write a note into the log…"
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.target.value)}
        before={<Icon name="star" />}
      />
      {problem === undefined ? null : (
        <span className="type-11 text-lost-fg" role="alert">
          {problem}
        </span>
      )}
      <Button small type="submit" disabled={text.trim() === '' || saving}>
        {saving ? 'Saving…' : 'Add note'}
      </Button>
    </form>
  )
}
