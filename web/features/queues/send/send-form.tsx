'use client'

import { type FormEvent, useId, useState } from 'react'
import {
  type QueueSendInput,
  queueSendInput,
  queueSent,
  type TopicPublishInput,
  topicPublishInput,
} from '#contracts/api/queues/queues.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { noteClass } from '#web/ui/recipes/note.ts'
import { useDraft } from '../../form/use-draft.ts'
import { useFirstWrong } from '../../form/use-first-wrong.ts'
import { change } from '../queues-query.ts'
import { MessageFields } from './message-fields.tsx'
import { blankMessage, bodyOfSend, type SendDraft } from './send-draft.ts'

interface SendFormProps {
  to: 'queue' | 'topic'
  arn: string
  name: string
  fifo: boolean
  isOfLab: boolean
}

const foreign = {
  queue:
    'This is a queue of the lab, and what is sent here is a foreign message: no producer published it, so the ledger owes it to nobody. Its consumer gives it up as undecodable unless it has CloudEvents attributes; with a ce_id that nobody published it is handled, and the verdict fails for a phantom message.',
  topic:
    'This is a topic of the lab, and what is published here passes its producers by: the ledger does not expect it. Queues take it where their filter on ce_type lets it pass. To publish an event of the lab use Publish.',
}

const fields = ['/body', '/attributes', '/delaySeconds', '/groupId', '/deduplicationId', '/subject']

/** Sends a message into a queue, or publishes one to a topic. */
export function SendForm({ to, arn, name, fifo, isOfLab }: SendFormProps) {
  const id = useId()
  const [sent, setSent] = useState<string>()
  const form = useDraft<SendDraft, QueueSendInput | TopicPublishInput>({
    contract: to === 'queue' ? queueSendInput : topicPublishInput,
    first: () => blankMessage,
    bodyOf: (draft) => bodyOfSend(to, arn, draft),
  })
  const { draft, edit, errorAt, sending } = form
  const element = useFirstWrong(form.refusals)
  const problem = form.problemBeside(fields)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setSent(undefined)
    const done = await form.submit((input) => change('post', to === 'queue' ? '/send' : '/publish', input))
    if (done !== undefined) setSent(queueSent.parse(done.value).messageId)
  }
  const text = (field: 'subject' | 'delay' | 'group' | 'dedup', pointer: string, label: string, aside?: string) => (
    <Field label={label} aside={aside} htmlFor={`${id}-${field}`} error={errorAt(pointer)}>
      <TextInput
        id={`${id}-${field}`}
        inputMode={field === 'delay' ? 'numeric' : undefined}
        invalid={errorAt(pointer) !== undefined}
        value={draft[field]}
        onChange={(event) => edit({ [field]: event.target.value })}
      />
    </Field>
  )
  return (
    <Section title={to === 'queue' ? `Send to ${name}` : `Publish to ${name}`}>
      {isOfLab ? <p className={noteClass}>{foreign[to]}</p> : null}
      <form ref={element} className="grid gap-3" onSubmit={(event) => void send(event)}>
        <MessageFields
          id={id}
          rows={4}
          aside='JSON: { "type": "order_placed", "weight": 4 }'
          body={draft.body}
          attributes={draft.attributes}
          errors={{ body: errorAt('/body'), attributes: errorAt('/attributes') }}
          onChange={edit}
        />
        <div className="grid grid-cols-3 gap-3 max-[599px]:grid-cols-1">
          {to === 'topic'
            ? text('subject', '/subject', 'Subject')
            : fifo
              ? null
              : text('delay', '/delaySeconds', 'Delay', 'seconds, up to 900')}
          {text('group', '/groupId', 'Group id', fifo ? 'required' : 'optional')}
          {fifo ? text('dedup', '/deduplicationId', 'Deduplication id') : null}
        </div>
        {problem === undefined ? null : <ProblemNote problem={problem} />}
        <div className="flex items-center justify-end gap-2">
          <span className="min-w-0 flex-1 truncate text-fg-2" role="status">
            {sent === undefined ? '' : `${to === 'queue' ? 'Sent' : 'Published'} as ${sent}`}
          </span>
          <Button onClick={() => setParams({ form: undefined })}>Close</Button>
          <Button variant="primary" type="submit" disabled={sending}>
            {to === 'queue' ? 'Send' : 'Publish'}
          </Button>
        </div>
      </form>
    </Section>
  )
}
