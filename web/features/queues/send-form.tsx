'use client'

import { type FormEvent, useId, useState } from 'react'
import { queueSent } from '#contracts/api/queues/queues.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { inputBox } from '#web/ui/recipes/input-box.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { attributesIn } from './queue-models.ts'
import { errorAt, useAct } from './queues-query.ts'

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

/** Sends a message into a queue, or publishes one to a topic. */
export function SendForm({ to, arn, name, fifo, isOfLab }: SendFormProps) {
  const id = useId()
  const [body, setBody] = useState('')
  const [attributes, setAttributes] = useState('')
  const [subject, setSubject] = useState('')
  const [delay, setDelay] = useState('')
  const [group, setGroup] = useState('')
  const [dedup, setDedup] = useState('')
  const [wrong, setWrong] = useState<{ attributes?: string; delay?: string }>({})
  const [sent, setSent] = useState<string>()
  const { act, busy, problem } = useAct()
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setSent(undefined)
    const given = attributesIn(attributes)
    const seconds = delay.trim() === '' ? undefined : Number(delay)
    const errors = {
      ...(typeof given === 'string' ? { attributes: given } : {}),
      ...(seconds !== undefined && !Number.isInteger(seconds) ? { delay: 'must be a whole number of seconds' } : {}),
    }
    setWrong(errors)
    if (Object.keys(errors).length > 0) return
    const done = await act('post', to === 'queue' ? '/send' : '/publish', {
      ...{ arn, body, attributes: given },
      ...(to === 'queue' && seconds !== undefined ? { delaySeconds: seconds } : {}),
      ...(to === 'topic' && subject !== '' ? { subject } : {}),
      ...(group === '' ? {} : { groupId: group }),
      ...(dedup === '' ? {} : { deduplicationId: dedup }),
    })
    if (done !== undefined) setSent(queueSent.parse(done.value).messageId)
  }
  const at = (pointer: string) => errorAt(problem, pointer)
  const placed = problem?.errors?.some(({ path }) =>
    /^\/(body|attributes|delaySeconds|groupId|deduplicationId|subject)/.test(path),
  )
  const attributesError = wrong.attributes ?? at('/attributes')
  const delayError = wrong.delay ?? at('/delaySeconds')
  return (
    <Section title={to === 'queue' ? `Send to ${name}` : `Publish to ${name}`}>
      {isOfLab ? <p className={noteClass}>{foreign[to]}</p> : null}
      <form className="grid gap-3" onSubmit={(event) => void send(event)}>
        <Field label="Body" htmlFor={`${id}-body`} error={at('/body')}>
          <span className={inputBox({ area: true, invalid: at('/body') !== undefined })}>
            <textarea
              id={`${id}-body`}
              className="mono"
              rows={4}
              spellCheck={false}
              aria-describedby={at('/body') === undefined ? undefined : `${id}-body-error`}
              value={body}
              onChange={(event) => setBody(event.target.value)}
            />
          </span>
        </Field>
        <Field
          label="Attributes"
          aside='JSON: { "type": "order_placed", "weight": 4 }'
          htmlFor={`${id}-attributes`}
          error={attributesError}
        >
          <span className={inputBox({ area: true, invalid: attributesError !== undefined })}>
            <textarea
              id={`${id}-attributes`}
              className="mono"
              rows={2}
              spellCheck={false}
              aria-describedby={attributesError === undefined ? undefined : `${id}-attributes-error`}
              value={attributes}
              onChange={(event) => setAttributes(event.target.value)}
            />
          </span>
        </Field>
        <div className="grid grid-cols-3 gap-3 max-[599px]:grid-cols-1">
          {to === 'queue' ? (
            fifo ? null : (
              <Field label="Delay" aside="seconds, up to 900" htmlFor={`${id}-delay`} error={delayError}>
                <TextInput
                  id={`${id}-delay`}
                  inputMode="numeric"
                  invalid={delayError !== undefined}
                  value={delay}
                  onChange={(event) => setDelay(event.target.value)}
                />
              </Field>
            )
          ) : (
            <Field label="Subject" htmlFor={`${id}-subject`} error={at('/subject')}>
              <TextInput
                id={`${id}-subject`}
                invalid={at('/subject') !== undefined}
                value={subject}
                onChange={(event) => setSubject(event.target.value)}
              />
            </Field>
          )}
          <Field label="Group id" aside={fifo ? 'required' : 'optional'} htmlFor={`${id}-group`} error={at('/groupId')}>
            <TextInput
              id={`${id}-group`}
              invalid={at('/groupId') !== undefined}
              value={group}
              onChange={(event) => setGroup(event.target.value)}
            />
          </Field>
          {fifo ? (
            <Field label="Deduplication id" htmlFor={`${id}-dedup`} error={at('/deduplicationId')}>
              <TextInput
                id={`${id}-dedup`}
                invalid={at('/deduplicationId') !== undefined}
                value={dedup}
                onChange={(event) => setDedup(event.target.value)}
              />
            </Field>
          ) : null}
        </div>
        {problem === undefined || placed ? null : <ProblemNote problem={problem} />}
        <div className="flex items-center justify-end gap-2">
          <span className="min-w-0 flex-1 truncate text-fg-2" role="status">
            {sent === undefined ? '' : `${to === 'queue' ? 'Sent' : 'Published'} as ${sent}`}
          </span>
          <Button onClick={() => setParams({ form: undefined })}>Close</Button>
          <Button variant="primary" type="submit" disabled={busy}>
            {to === 'queue' ? 'Send' : 'Publish'}
          </Button>
        </div>
      </form>
    </Section>
  )
}
