'use client'

import { useEffect, useState } from 'react'
import { type BurstInput, burstInput } from '#contracts/api/burst.ts'
import type { EventTypeItem } from '#contracts/events/event-type.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { tableClass } from '#web/ui/recipes/table.ts'
import { Seg } from '#web/ui/seg.tsx'
import { useDraft } from '../../form/use-draft.ts'
import { validatorOf } from '../../schema/validator.ts'
import { usePublish } from '../publish-store.ts'
import { useTemplates } from '../templates/template-store.ts'
import { TypeSelect } from '../type-select.tsx'
import { type BurstDraft, burstBodyOf, burstFields, firstBurst, variationsOf } from './burst-form-model.ts'
import { useBursts, useEarlierBursts } from './burst-store.ts'

/** Parameters of a burst. Locked while the shown burst runs, so that what is read is what runs. */
export function BurstForm({ type, running }: { type: EventTypeItem; running: boolean }) {
  const contents = useContents(type)
  const { draft, edit, input, sending, errorAt, submit } = useDraft<BurstDraft, BurstInput>({
    contract: burstInput,
    first: () => firstBurst,
    bodyOf: (typed) => burstBodyOf(typed, { type: type.name, data: contents.data }),
    asTyped: true,
  })
  const { problem: refused, start } = useBursts()
  const { problem: unread } = useEarlierBursts()
  const problem = refused ?? unread
  const number = (field: keyof typeof burstFields, label: string, unit: string, hint?: string) => {
    const error = errorAt(jsonPointer([burstFields[field]]))
    return (
      <Field label={label} htmlFor={`burst-${field}`} error={error} {...(hint ? { aside: hint } : {})}>
        <TextInput
          id={`burst-${field}`}
          inputMode="numeric"
          value={draft[field]}
          invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : `burst-${field}-error`}
          onChange={(event) => edit({ [field]: event.target.value })}
          after={<span className="ml-auto type-11 text-fg-3">{unit}</span>}
        />
      </Field>
    )
  }
  return (
    <form
      className="grid gap-4"
      noValidate
      aria-label="Burst"
      onSubmit={(event) => {
        event.preventDefault()
        if (contents.valid) void submit(start)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit()
      }}
    >
      <fieldset className="m-0 grid min-w-0 gap-4 border-0 p-0" disabled={running}>
        <legend className="sr-only">The burst</legend>
        <TypeSelect />
        <div className="grid grid-cols-[1fr_1fr] gap-x-3 gap-y-2">
          <div className={fieldClass}>
            <span className={labelClass}>Stop after</span>
            <Seg
              full
              label="Stop after"
              value={draft.stopAfter}
              options={[
                { value: 'count', label: 'Count' },
                { value: 'duration', label: 'Duration' },
              ]}
              onChange={(stopAfter) => edit({ stopAfter })}
            />
          </div>
          {draft.stopAfter === 'count' ? number('count', 'Messages', '') : number('seconds', 'Duration', 'seconds')}
        </div>
        <div className="grid grid-cols-[1fr_1fr] gap-x-3 gap-y-2">
          {number('rate', 'Rate', 'per second')}
          {number('keys', 'Keys', 'distinct', draft.keys.trim() === '' ? 'one per message' : undefined)}
        </div>
        <Field
          label="Contents"
          aside="varied per message"
          htmlFor="burst-contents"
          error={contents.valid ? undefined : `Not valid against ${type.name}: ${contents.problem}`}
        >
          <Select id="burst-contents" value={contents.chosen} onChange={(event) => contents.choose(event.target.value)}>
            <option value="form">what the form holds</option>
            <option value="example">the example of {type.name}</option>
            {contents.templates.map((name) => (
              <option key={name} value={`template ${name}`}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <table className={cn(tableClass, 'rounded-md border border-line')}>
          <caption className="sr-only">How each field is varied</caption>
          <colgroup>
            <col className="w-24" />
            <col />
            <col className="w-33" />
          </colgroup>
          <tbody>
            {variationsOf(type, contents.data, draft.keys.trim() !== '').map((variation) => (
              <tr key={variation.field}>
                <th scope="row" className="h-row type-mono-11 text-fg-2">
                  {variation.field}
                </th>
                <td>{variation.how}</td>
                <td className="text-right text-fg-3" title={variation.why}>
                  {variation.why}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </fieldset>
      <p className="text-fg-3">
        Arrivals are open loop: the rate does not slow when the lab does.
        {running ? ' Locked while the burst runs.' : ''}
      </p>
      {problem ? <ProblemNote problem={problem} /> : null}
      {running ? null : (
        <div className="flex min-w-0 items-center gap-2">
          <Button
            className="h-8 px-3.5 py-0"
            variant="primary"
            type="submit"
            disabled={input === undefined || !contents.valid || sending}
          >
            <Icon name="burst" />
            {sending ? 'Starting' : 'Start burst'} <kbd>⌘↵</kbd>
          </Button>
        </div>
      )}
    </form>
  )
}

/** The data that the burst starts from: a template of the type, the form's, or the example. */
function useContents(type: EventTypeItem) {
  const { templates, load } = useTemplates()
  const body = usePublish((publish) => publish.body)
  const [chosen, choose] = useState('form')
  useEffect(() => load(), [load])
  const own = templates.filter((template) => template.type === type.name)
  const template = own.find((saved) => `template ${saved.name}` === chosen)
  const data = template?.data ?? (chosen === 'example' || body?.type !== type.name ? type.example : body.data)
  const validator = validatorOf(type.schema)
  const [first] = validator.ok ? validator.check(data) : []
  return {
    data,
    chosen: template || chosen === 'example' ? chosen : 'form',
    choose,
    templates: own.map((saved) => saved.name),
    valid: first === undefined,
    problem: first ? `${first.path} ${first.message}` : '',
  }
}
