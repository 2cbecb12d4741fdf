'use client'

import { useId, useState } from 'react'
import type { ExplainQuestion, QueueExplanation } from '#contracts/api/queues/explanation.ts'
import type { QueuesView } from '#contracts/api/queues/queues.ts'
import { nameOfArn } from '#contracts/api/queues/queues.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { toneClass } from '#web/ui/recipes/tone.ts'
import { Seg } from '#web/ui/seg.tsx'
import { clock } from '../words/figures.ts'
import { verdictWords } from './condition-words.ts'
import { FilterKeys } from './filter-keys.tsx'
import { PolicyTrial } from './policy-trial.tsx'
import { attributesIn } from './queue-models.ts'
import { useExplanation, useNewestMessages } from './queues-query.ts'
import { MessageFields } from './send/message-fields.tsx'

/** Why did this message not reach this queue? A message, a subscription, and the judgement of delivery itself, step by step. */
export function WhyPane({ view, canChange }: { view: QueuesView; canChange: boolean }) {
  const id = useId()
  const chosen = useParam('arn')
  const ask = useParam('ask') ?? ''
  const [source, setSource] = useState<'lab' | 'written'>('lab')
  const [written, setWritten] = useState({ body: '{}', attributes: '', group: '' })
  const write = (patch: Partial<typeof written>): void => setWritten({ ...written, ...patch })
  const legName = useParam('leg')
  const legs = view.subscriptions.filter(({ arn }) => arn.startsWith('arn:'))
  const leg = legs.find(({ arn }) => arn === askedLeg(view, chosen, legName))
  const given = attributesIn(written.attributes)
  const question = questionOf(leg?.arn, source === 'lab' ? { ask } : { ...written, given })
  const { data, error } = useExplanation(question)
  const shown = question === undefined ? undefined : data
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <section className="grid gap-2 border-b border-line px-4 py-3">
        <h3 className="type-13 font-semibold">Why did this message not reach this queue?</h3>
        <Seg
          label="Which message"
          full
          value={source}
          options={[
            { value: 'lab', label: 'A message of the lab' },
            { value: 'written', label: 'One that is written down' },
          ]}
          onChange={setSource}
        />
        {source === 'lab' ? (
          <LabMessage value={ask} />
        ) : (
          <>
            <MessageFields
              id={id}
              rows={3}
              aside="JSON of names and values"
              body={written.body}
              attributes={written.attributes}
              errors={{ attributes: typeof given === 'string' ? given : undefined }}
              onChange={write}
            />
            {leg !== undefined && nameOfArn(leg.topicArn).endsWith('.fifo') ? (
              <Field label="Group id" htmlFor={`${id}-group`}>
                <TextInput
                  id={`${id}-group`}
                  value={written.group}
                  onChange={(event) => write({ group: event.target.value })}
                />
              </Field>
            ) : null}
          </>
        )}
        <Field label="Subscription" htmlFor={`${id}-leg`}>
          <Select
            id={`${id}-leg`}
            mono
            value={leg?.arn ?? ''}
            onChange={(event) => setParams({ leg: event.target.value }, { replace: true })}
          >
            <option value="">Choose a subscription</option>
            {legs.map((one) => (
              <option key={one.arn} value={one.arn}>
                {nameOfArn(one.topicArn)} → {one.protocol === 'sqs' ? nameOfArn(one.endpoint) : one.endpoint}
              </option>
            ))}
          </Select>
        </Field>
        {error === null || question === undefined ? null : <ProblemNote problem={error} />}
        {shown === undefined || error !== null ? null : <Answer answer={shown} />}
        {question === undefined ? (
          <p className="text-fg-3">
            Name a message and a subscription: nothing is delivered, the policy is only asked.
          </p>
        ) : null}
      </section>
      {shown === undefined || error !== null ? null : (
        <>
          <Steps answer={shown} />
          {shown.filter === undefined ? null : <FilterKeys filter={shown.filter} />}
        </>
      )}
      {leg === undefined || question === undefined ? null : (
        <PolicyTrial key={leg.arn} leg={leg} question={question} before={shown} canChange={canChange} />
      )}
    </div>
  )
}

/** The one that the address names; else the first of what is chosen at the left. */
function askedLeg(
  { subscriptions }: QueuesView,
  chosen: string | undefined,
  leg: string | undefined,
): string | undefined {
  if (subscriptions.some(({ arn }) => arn === leg)) return leg
  return subscriptions.find(({ arn, endpoint, topicArn }) => [arn, endpoint, topicArn].includes(chosen ?? ''))?.arn
}

function questionOf(
  subscriptionArn: string | undefined,
  message: { ask: string } | { body: string; given: ReturnType<typeof attributesIn>; group: string },
): ExplainQuestion | undefined {
  if (subscriptionArn === undefined) return undefined
  if ('ask' in message) return message.ask === '' ? undefined : { subscriptionArn, labMessageId: message.ask }
  const { body, given, group } = message
  if (typeof given === 'string' || body === '') return undefined
  return { subscriptionArn, body, attributes: given, ...(group === '' ? {} : { groupId: group }) }
}

/** The id is asked for when it is whole: when it is chosen, by Enter, or when the field is left. */
function LabMessage({ value }: { value: string }) {
  const id = useId()
  const [typed, setTyped] = useState(value)
  const [asked, setAsked] = useState(value)
  if (asked !== value) {
    setAsked(value)
    setTyped(value)
  }
  const { data } = useNewestMessages()
  const choose = (text: string): void =>
    setParams({ ask: text.trim() === '' ? undefined : text.trim() }, { replace: true })
  return (
    <Field label="Message" aside="its id, from the list or a journey" htmlFor={id}>
      <TextInput
        id={id}
        mono
        list={`${id}-list`}
        placeholder="producer-1:1:user_signup:42"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          if (data?.items.some((row) => row.id === event.target.value)) choose(event.target.value)
        }}
        onBlur={() => choose(typed)}
        onKeyDown={(event) => (event.key === 'Enter' ? choose(typed) : undefined)}
      />
      <datalist id={`${id}-list`}>
        {data?.items.map((row) => (
          <option key={row.id} value={row.id}>
            {row.type}, {clock(row.publishedAt)}
          </option>
        ))}
      </datalist>
    </Field>
  )
}

function Answer({ answer }: { answer: QueueExplanation }) {
  const { tone, title, detail } = verdictWords(answer)
  const glyph = tone === 'lost' ? 'lost' : tone === 'delivered' ? 'delivered' : 'degraded'
  return (
    <div
      className={cn('flex gap-2 rounded-md border border-tone-border bg-tone-bg px-3 py-2', toneClass[tone])}
      role="status"
    >
      <Glyph name={glyph} className="mt-1 size-3 flex-none text-tone [--ink:var(--tone-bg)]" />
      <div className="min-w-0">
        <b className="font-semibold wrap-anywhere">{title}</b>
        <p className="wrap-anywhere text-fg-2">{detail}</p>
      </div>
    </div>
  )
}

const stepGlyphs = {
  ok: ['delivered', 'delivered'],
  stops: ['lost', 'lost'],
  'may-stop': ['retrying', 'degraded'],
} as const

function Steps({ answer: { steps, passes, endpoint } }: { answer: QueueExplanation }) {
  return (
    <ol className="grid gap-1.5 border-b border-line px-4 py-3" aria-label="On its way">
      {steps.map((step) => {
        const [tone, glyph] = stepGlyphs[step.verdict]
        return (
          <li key={`${step.step} ${step.code} ${step.text}`} className={cn('flex gap-2', toneClass[tone])}>
            <Glyph name={glyph} className="mt-1 size-3 flex-none text-tone [--ink:var(--surface)]" />
            <span className="sr-only">
              {step.verdict === 'ok' ? 'passed' : step.verdict === 'stops' ? 'stopped here' : 'may stop here'}:{' '}
            </span>
            <span className="min-w-0 flex-1 wrap-anywhere">{step.text}</span>
            {step.at === undefined ? null : <span className="flex-none type-11 text-fg-3">{clock(step.at)}</span>}
          </li>
        )
      })}
      {passes ? null : (
        <li className="flex gap-2 text-fg-3">
          <Icon name="minus" size={12} className="mt-1 flex-none" />
          <span className="min-w-0 flex-1">sent to {nameOfArn(endpoint)}</span>
          <span className="flex-none type-11">not reached</span>
        </li>
      )}
    </ol>
  )
}
