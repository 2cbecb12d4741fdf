'use client'

import { type FormEvent, useId } from 'react'
import { type QueueCreateInput, type QueuesView, queueCreated, queueCreateInput } from '#contracts/api/queues/queues.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Check, Field, Select, TextArea, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { useDraft } from '../form/use-draft.ts'
import { useFirstWrong } from '../form/use-first-wrong.ts'
import { change } from './queues-query.ts'

export const createKinds = [
  { kind: 'topic', label: 'Topic' },
  { kind: 'queue', label: 'Queue' },
  { kind: 'subscription', label: 'Subscription' },
] as const
export type CreateKind = (typeof createKinds)[number]['kind']

/** What the form holds, of whichever kind. */
interface CreateDraft {
  name: string
  topicArn: string
  queueArn: string
  raw: boolean
  filterPolicy: string
}

/** Makes a topic, a queue or a subscription of a queue, and opens it. */
export function CreateForm({ kind, view }: { kind: CreateKind; view: QueuesView }) {
  const id = useId()
  const form = useDraft<CreateDraft, QueueCreateInput>({
    contract: queueCreateInput,
    first: () => ({
      ...{ name: '', raw: true, filterPolicy: '' },
      ...{ topicArn: view.topics[0]?.arn ?? '', queueArn: view.queues[0]?.arn ?? '' },
    }),
    bodyOf: ({ name, filterPolicy, ...subscription }) => ({
      body:
        kind === 'subscription'
          ? { kind, ...subscription, ...(filterPolicy === '' ? {} : { filterPolicy }) }
          : { kind, name },
    }),
  })
  const { draft, edit, errorAt, sending } = form
  const element = useFirstWrong(form.refusals)
  const { name, topicArn, queueArn, raw, filterPolicy } = draft
  const problem = form.problemBeside(['/name', '/queueArn', '/filterPolicy'])
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = await form.submit((input) => change('post', '', input))
    if (done !== undefined) setParams({ arn: queueCreated.parse(done.value).arn, form: undefined })
  }
  return (
    <Section title={`New ${kind}`} className="border-b-0">
      <form ref={element} className="grid max-w-140 gap-3" onSubmit={(event) => void make(event)}>
        {kind === 'subscription' ? (
          <>
            <Field label="Topic" htmlFor={`${id}-topic`}>
              <Select id={`${id}-topic`} value={topicArn} onChange={(event) => edit({ topicArn: event.target.value })}>
                {view.topics.map(({ arn, name: label }) => (
                  <option key={arn} value={arn}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label="Queue" htmlFor={`${id}-queue`} error={errorAt('/queueArn')}>
              <Select
                id={`${id}-queue`}
                invalid={errorAt('/queueArn') !== undefined}
                value={queueArn}
                onChange={(event) => edit({ queueArn: event.target.value })}
              >
                {view.queues.map(({ arn, name: label }) => (
                  <option key={arn} value={arn}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Check checked={raw} onChange={(next) => edit({ raw: next })}>
              Raw delivery, without an envelope
            </Check>
            <Field
              label="Filter policy"
              aside="JSON; empty takes everything"
              htmlFor={`${id}-policy`}
              error={errorAt('/filterPolicy')}
            >
              <TextArea
                id={`${id}-policy`}
                rows={4}
                invalid={errorAt('/filterPolicy') !== undefined}
                value={filterPolicy}
                onChange={(event) => edit({ filterPolicy: event.target.value })}
              />
            </Field>
          </>
        ) : (
          <Field label="Name" aside="ends in .fifo for a FIFO one" htmlFor={`${id}-name`} error={errorAt('/name')}>
            <TextInput
              id={`${id}-name`}
              required
              invalid={errorAt('/name') !== undefined}
              value={name}
              onChange={(event) => edit({ name: event.target.value })}
            />
          </Field>
        )}
        {problem === undefined ? null : <ProblemNote problem={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setParams({ form: undefined })}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            disabled={sending || (kind === 'subscription' && (topicArn === '' || queueArn === ''))}
          >
            Make the {kind}
          </Button>
        </div>
      </form>
    </Section>
  )
}
