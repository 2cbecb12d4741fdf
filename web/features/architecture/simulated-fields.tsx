'use client'

import { useId } from 'react'
import { Field, Select } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { Seg } from '#web/ui/seg.tsx'
import type { PlacedProblem } from '../code/file-problems.ts'
import { useLabDraft } from '../lab/draft-store.ts'
import type { DraftService } from './lab-document.ts'
import { numberOr } from './number-or.ts'
import { problemAt } from './problem-at.ts'
import {
  changeSimulation,
  type DraftSend,
  failsOf,
  lostDigitsIn,
  simulationOf,
  templateDataOf,
} from './simulated-document.ts'
import { Typed } from './typed.tsx'

interface SimulatedFieldsProps {
  service: DraftService
  /** What is wrong with the draft. */
  problems: readonly PlacedProblem[]
}

type Change = (path: readonly string[], value: unknown) => void

const spread = { p50: '40ms', p99: '400ms' }

/** What the lab does in the place of a service: how long it works, how often it fails, what it sends. */
export function SimulatedFields({ service: { name, simulate = {}, sends }, problems }: SimulatedFieldsProps) {
  const id = useId()
  const draft = simulationOf(simulate)
  const change: Change = (path, value) => {
    const { text, edit } = useLabDraft.getState()
    edit(changeSimulation(text, name, path, value))
  }
  const wrong = (key: string): string | undefined => problemAt(problems, name, `simulate.${key}`)
  const field = (key: string, label: string, value: string | undefined, placeholder: string) => (
    <Field label={label} htmlFor={`${id}-${key}`} error={wrong(`work.${key}`)}>
      <Typed
        id={`${id}-${key}`}
        error={wrong(`work.${key}`)}
        value={value ?? ''}
        placeholder={placeholder}
        onTyped={(text) => change(['work', key], text || undefined)}
      />
    </Field>
  )
  return (
    <>
      <Section title="Work" aside="the time that an event takes">
        <Seg
          full
          label="How long it works"
          value={draft.work}
          options={[
            { value: 'spread', label: 'By p50 and p99' },
            { value: 'fixed', label: 'Always the same' },
          ]}
          onChange={(next) => change(['work'], next === 'spread' ? spread : { fixed: '10ms' })}
        />
        {draft.work === 'spread' ? (
          <div className="grid grid-cols-2 items-start gap-3">
            {field('p50', 'Half of them, p50', draft.p50, '40ms')}
            {field('p99', 'Nearly all, p99', draft.p99, '400ms')}
          </div>
        ) : (
          field('fixed', 'Time', draft.fixed, '10ms')
        )}
        {wholeProblem(problems, name)}
      </Section>
      <Section title="Failures">
        <div className="grid grid-cols-2 items-start gap-3">
          <Field label="Fails" aside="of the attempts" htmlFor={`${id}-fails`} error={wrong('fails')}>
            <Typed
              id={`${id}-fails`}
              error={wrong('fails')}
              value={draft.fails ?? ''}
              placeholder="0%"
              onTyped={(share) => change(['fails'], failsOf(share, draft.error))}
            />
          </Field>
          <Field label="Error" aside="its type" htmlFor={`${id}-error`}>
            <Typed
              id={`${id}-error`}
              mono
              value={draft.error ?? ''}
              placeholder="SimulatedFailure"
              disabled={draft.fails === undefined}
              onTyped={(error) => change(['fails'], failsOf(draft.fails, error))}
            />
          </Field>
        </div>
      </Section>
      {sends.map((type) => (
        <SendFields
          key={type}
          type={type}
          send={draft.sends[type]}
          wrong={(key) => wrong(`sends.${type}.${key}`)}
          onChange={(key, value) => change(['sends', type, key], value)}
        />
      ))}
      <Section title="Runs">
        <Field label="Processes" htmlFor={`${id}-processes`} error={wrong('processes')}>
          <Select
            id={`${id}-processes`}
            invalid={wrong('processes') !== undefined}
            value={draft.processes ?? ''}
            onChange={(event) => change(['processes'], event.target.value || undefined)}
          >
            <option value="">as the lab says</option>
            <option value="own">own: each replica is a process</option>
            <option value="shared">shared: one process with others, without process faults</option>
          </Select>
        </Field>
        <Field label="Seed" aside="of its random numbers" htmlFor={`${id}-seed`} error={wrong('seed')}>
          <Typed
            id={`${id}-seed`}
            error={wrong('seed')}
            value={draft.seed ?? ''}
            placeholder="made of its name"
            inputMode="numeric"
            onTyped={(text) => change(['seed'], numberOr(text))}
          />
        </Field>
      </Section>
    </>
  )
}

/** What is wrong with the work as a whole, as no field of it can say. */
function wholeProblem(problems: readonly PlacedProblem[], service: string) {
  const found = problems.find(({ path }) => path === `services.${service}.simulate.work`)
  return found === undefined ? null : <p className="type-11 text-lost-fg">{found.message}</p>
}

interface SendFieldsProps {
  type: string
  send: DraftSend | undefined
  wrong: (key: string) => string | undefined
  onChange: (key: string, value: unknown) => void
}

/** How it sends one of its events. */
function SendFields({ type, send, wrong, onChange }: SendFieldsProps) {
  const id = useId()
  const dataError = lostDigitsIn(send?.data) ?? wrong('data')
  return (
    <Section title={`Sends ${type}`}>
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label="Chance" htmlFor={`${id}-chance`} error={wrong('chance')}>
          <Typed
            id={`${id}-chance`}
            error={wrong('chance')}
            value={send?.chance ?? ''}
            placeholder="100%"
            onTyped={(text) => onChange('chance', text || undefined)}
          />
        </Field>
        <Field label="Delay" aside="after its work" htmlFor={`${id}-delay`} error={wrong('delay')}>
          <Typed
            id={`${id}-delay`}
            error={wrong('delay')}
            value={send?.delay ?? ''}
            placeholder="none"
            onTyped={(text) => onChange('delay', text || undefined)}
          />
        </Field>
      </div>
      <Field label="Data" aside="JSON, {{data.field}} of the event received" htmlFor={`${id}-data`} error={dataError}>
        <Typed
          id={`${id}-data`}
          error={dataError}
          mono
          value={send?.data ?? ''}
          placeholder="its example"
          onTyped={(text) => onChange('data', templateDataOf(text))}
        />
      </Field>
    </Section>
  )
}
