'use client'

import { type FormEvent, useId } from 'react'
import { z } from 'zod'
import { type QueueDetails, queueAttributesInput, queueTagsInput } from '#contracts/api/queues/queues.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import type { Answer } from '#web/http/api.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextArea, TextInput } from '#web/ui/field.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { inputBox } from '#web/ui/recipes/input-box.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { useDraft } from '../form/use-draft.ts'
import { useFirstWrong } from '../form/use-first-wrong.ts'
import { changesOf, tagLines, tagsOf } from './queue-models.ts'
import { change } from './queues-query.ts'

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

/** What one form changes by two requests; absent: as it was. */
const attributesChange = z.strictObject({
  arn: queueAttributesInput.shape.arn,
  attributes: queueAttributesInput.shape.attributes.optional(),
  tags: queueTagsInput.shape.tags.optional(),
})

type AttributesChange = z.infer<typeof attributesChange>

async function sendChange({ arn, attributes, tags }: AttributesChange): Promise<Answer> {
  if (attributes !== undefined) {
    const answer = await change('put', '/attributes', { arn, attributes })
    if (!answer.ok || tags === undefined) return answer
  }
  return change('put', '/tags', { arn, tags })
}

interface AttributesDraft {
  values: Record<string, string>
  /** Tags, one `key=value` a line. */
  lines: string
}

/** Sends only what was changed. What the service refuses is shown in its own words below the field. */
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
  const canTag = !untagged.test(arn)
  const form = useDraft<AttributesDraft, AttributesChange>({
    contract: attributesChange,
    first: () => ({
      values: Object.fromEntries([...short, ...long].map((name) => [name, attributes[name] ?? ''])),
      lines: tagLines(tags),
    }),
    bodyOf: ({ values, lines }) => {
      const changes = changesOf(attributes, values)
      return {
        body: {
          arn,
          ...(Object.keys(changes).length === 0 ? {} : { attributes: changes }),
          ...(canTag && lines !== tagLines(tags) ? { tags: tagsOf(lines) } : {}),
        },
      }
    },
  })
  const { values, lines } = form.draft
  const element = useFirstWrong(form.refusals)
  const set = (name: string) => (value: string) => form.edit({ values: { ...values, [name]: value } })
  const pointerTo = (name: string) => jsonPointer(['attributes', name])
  const wrong = (name: string) => form.errorAt(pointerTo(name))
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const { input } = form
    const isUnchanged = input !== undefined && input.attributes === undefined && input.tags === undefined
    if (isUnchanged || (await form.submit(sendChange)) !== undefined) onDone()
  }
  const problem = form.problemBeside([...[...short, ...long].map(pointerTo), '/tags'])
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
                  value={values[name] ?? ''}
                  onChange={(event) => set(name)(event.target.value)}
                />
              ) : (
                <Select
                  id={field}
                  invalid={error !== undefined}
                  value={values[name] ?? ''}
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
              value={values[name] ?? ''}
              onChange={(event) => set(name)(event.target.value)}
            />
          </Field>
        )
      })}
      {canTag ? (
        <Field label="Tags" aside="one key=value a line" htmlFor={`${id}-tags`} error={form.errorAt('/tags')}>
          <span className={inputBox({ area: true })}>
            <textarea
              id={`${id}-tags`}
              rows={2}
              spellCheck={false}
              value={lines}
              onChange={(event) => form.edit({ lines: event.target.value })}
            />
          </span>
        </Field>
      ) : null}
      {problem === undefined ? null : <ProblemNote problem={problem} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" type="submit" disabled={form.sending}>
          Save
        </Button>
      </div>
    </form>
  )
}
