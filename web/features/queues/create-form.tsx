'use client'

import { type FormEvent, useId, useState } from 'react'
import { type QueuesView, queueCreated } from '#contracts/api/queues/queues.ts'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Check, Field, Select, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { inputBox } from '#web/ui/recipes/input-box.ts'
import { errorAt, useAct } from './queues-query.ts'

export const createKinds = [
  { kind: 'topic', label: 'Topic' },
  { kind: 'queue', label: 'Queue' },
  { kind: 'subscription', label: 'Subscription' },
] as const
export type CreateKind = (typeof createKinds)[number]['kind']

/** Makes a topic, a queue or a subscription of a queue, and opens it. */
export function CreateForm({ kind, view }: { kind: CreateKind; view: QueuesView }) {
  const id = useId()
  const [name, setName] = useState('')
  const [topicArn, setTopic] = useState(view.topics[0]?.arn ?? '')
  const [queueArn, setQueue] = useState(view.queues[0]?.arn ?? '')
  const [raw, setRaw] = useState(true)
  const [filterPolicy, setPolicy] = useState('')
  const { act, busy, problem } = useAct()
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const input =
      kind === 'subscription'
        ? { kind, topicArn, queueArn, raw, ...(filterPolicy === '' ? {} : { filterPolicy }) }
        : { kind, name }
    const done = await act('post', '', input)
    if (done !== undefined) setParams({ arn: queueCreated.parse(done.value).arn, form: undefined })
  }
  const at = (pointer: string) => errorAt(problem, pointer)
  const placed = problem?.errors?.some(({ path }) => ['/name', '/filterPolicy'].includes(path))
  return (
    <Section title={`New ${kind}`} className="border-b-0">
      <form className="grid max-w-140 gap-3" onSubmit={(event) => void make(event)}>
        {kind === 'subscription' ? (
          <>
            <Field label="Topic" htmlFor={`${id}-topic`}>
              <Select id={`${id}-topic`} value={topicArn} onChange={(event) => setTopic(event.target.value)}>
                {view.topics.map(({ arn, name: label }) => (
                  <option key={arn} value={arn}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label="Queue" htmlFor={`${id}-queue`} error={at('/queueArn')}>
              <Select id={`${id}-queue`} value={queueArn} onChange={(event) => setQueue(event.target.value)}>
                {view.queues.map(({ arn, name: label }) => (
                  <option key={arn} value={arn}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Check checked={raw} onChange={setRaw}>
              Raw delivery, without an envelope
            </Check>
            <Field
              label="Filter policy"
              aside="JSON; empty takes everything"
              htmlFor={`${id}-policy`}
              error={at('/filterPolicy')}
            >
              <span className={inputBox({ area: true, invalid: at('/filterPolicy') !== undefined })}>
                <textarea
                  id={`${id}-policy`}
                  className="mono"
                  rows={4}
                  spellCheck={false}
                  value={filterPolicy}
                  onChange={(event) => setPolicy(event.target.value)}
                />
              </span>
            </Field>
          </>
        ) : (
          <Field label="Name" aside="ends in .fifo for a FIFO one" htmlFor={`${id}-name`} error={at('/name')}>
            <TextInput
              id={`${id}-name`}
              required
              invalid={at('/name') !== undefined}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
        )}
        {problem === undefined || placed ? null : <ProblemNote problem={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={() => setParams({ form: undefined })}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            disabled={busy || (kind === 'subscription' && (topicArn === '' || queueArn === ''))}
          >
            Make the {kind}
          </Button>
        </div>
      </form>
    </Section>
  )
}
