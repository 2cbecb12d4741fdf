'use client'
import { noteInput } from '#contracts/api/event-log.ts'
import { api } from '#web/http/api.ts'
import { Button } from '#web/ui/button.tsx'
import { TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { useDraft } from '../form/use-draft.ts'

/** A line to write a note into the log: what a person did or saw, between the entries of the lab. */
export function NoteForm() {
  const { draft, edit, clear, input, problem, sending, submit } = useDraft({
    contract: noteInput,
    first: () => ({ message: '' }),
    bodyOf: (body) => ({ body }),
  })
  const send = async (): Promise<void> => {
    if ((await submit((note) => api.post('/api/event-log', note))) !== undefined) clear(draft)
  }
  return (
    <form
      className="flex flex-none items-center gap-2 border-b border-line px-4 py-1"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <TextInput
        quiet
        boxClass="h-6 min-w-0 flex-1"
        aria-label="Note"
        placeholder="Write a note into the log…"
        maxLength={300}
        value={draft.message}
        onChange={(event) => edit({ message: event.target.value })}
        before={<Icon name="star" />}
      />
      {problem === undefined ? null : (
        <span className="type-11 text-lost-fg" role="alert">
          {problem.detail}
        </span>
      )}
      <Button small type="submit" disabled={input === undefined || sending}>
        {sending ? 'Saving…' : 'Add note'}
      </Button>
    </form>
  )
}
