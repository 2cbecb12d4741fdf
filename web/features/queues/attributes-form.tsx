'use client'

import { type FormEvent, useId, useState } from 'react'
import type { QueueDetails } from '#contracts/api/queues/queues.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextArea, TextInput } from '#web/ui/field.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { inputBox } from '#web/ui/recipes/input-box.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { useFirstWrong } from '../form/use-first-wrong.ts'
import { changesOf, tagLines, tagsOf } from './queue-models.ts'
import { errorAt, useAct } from './queues-query.ts'

/** Attributes with a few values. */
const choices: Record<string, readonly string[]> = {
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  RawMessageDelivery: ['false', 'true'],
  FilterPolicyScope: ['MessageAttributes', 'MessageBody'],
  SignatureVersion: ['1', '2'],
  TracingConfig: ['PassThrough', 'Active'],
}
const untagged = /:sns:[^:]*:[^:]*:[^:]*:/

/** Changes what is not as it was. What the service refuses stands in its own words below the field. */
export function AttributesForm({
  details,
  isOfLab,
  short,
  long,
  onDone,
}: {
  details: QueueDetails
  isOfLab: boolean
  short: readonly string[]
  long: readonly string[]
  onDone: () => void
}) {
  const { arn, attributes, tags } = details
  const id = useId()
  const [form, setForm] = useState<Record<string, string>>(() =>
    Object.fromEntries([...short, ...long].map((name) => [name, attributes[name] ?? ''])),
  )
  const [lines, setLines] = useState(() => tagLines(tags))
  const { act, busy, problem } = useAct()
  const element = useFirstWrong(problem)
  const canTag = !untagged.test(arn)
  const set = (name: string) => (value: string) => setForm((before) => ({ ...before, [name]: value }))
  const wrong = (name: string) => errorAt(problem, `/attributes/${name}`)
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const changes = changesOf(attributes, form)
    if (
      Object.keys(changes).length > 0 &&
      (await act('put', '/attributes', { arn, attributes: changes })) === undefined
    )
      return
    if (canTag && lines !== tagLines(tags) && (await act('put', '/tags', { arn, tags: tagsOf(lines) })) === undefined)
      return
    onDone()
  }
  const atField = problem?.errors?.some(({ path }) =>
    [...short, ...long].some((name) => path === `/attributes/${name}`),
  )
  return (
    <form ref={element} className="grid gap-3" onSubmit={(event) => void save(event)}>
      {isOfLab ? (
        <p className={noteClass}>
          The lab relies on these: it sets its own again when it is wired again, as at a start.
        </p>
      ) : null}
      <div className="grid grid-cols-2 gap-3 max-[599px]:grid-cols-1">
        {short.map((name) => {
          const field = `${id}-${name}`
          const error = wrong(name)
          return (
            <Field key={name} label={<span className="mono">{name}</span>} htmlFor={field} error={error}>
              {choices[name] === undefined ? (
                <TextInput
                  id={field}
                  invalid={error !== undefined}
                  value={form[name] ?? ''}
                  onChange={(event) => set(name)(event.target.value)}
                />
              ) : (
                <Select
                  id={field}
                  invalid={error !== undefined}
                  value={form[name] ?? ''}
                  onChange={(event) => set(name)(event.target.value)}
                >
                  {choices[name].map((value) => (
                    <option key={value}>{value}</option>
                  ))}
                </Select>
              )}
            </Field>
          )
        })}
      </div>
      {long.map((name) => {
        const field = `${id}-${name}`
        const error = wrong(name)
        return (
          <Field
            key={name}
            label={<span className="mono">{name}</span>}
            aside="JSON; empty takes it away"
            htmlFor={field}
            error={error}
          >
            <TextArea
              id={field}
              rows={3}
              invalid={error !== undefined}
              value={form[name] ?? ''}
              onChange={(event) => set(name)(event.target.value)}
            />
          </Field>
        )
      })}
      {canTag ? (
        <Field label="Tags" aside="one key=value a line" htmlFor={`${id}-tags`} error={errorAt(problem, '/tags')}>
          <span className={inputBox({ area: true })}>
            <textarea
              id={`${id}-tags`}
              rows={2}
              spellCheck={false}
              value={lines}
              onChange={(event) => setLines(event.target.value)}
            />
          </span>
        </Field>
      ) : null}
      {problem === undefined || atField ? null : <ProblemNote problem={problem} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" type="submit" disabled={busy}>
          Save
        </Button>
      </div>
    </form>
  )
}
