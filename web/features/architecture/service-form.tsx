'use client'

import { useId } from 'react'
import { setParams } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Check, Field } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { Seg } from '#web/ui/seg.tsx'
import type { PlacedProblem } from '../code/file-problems.ts'
import { useLabDraft } from '../lab/draft-store.ts'
import { BodyFields } from './body-fields.tsx'
import { EventChips } from './event-chips.tsx'
import { type BodyKey, changeService, type DraftService, removeService, type ServiceChange } from './lab-document.ts'
import { numberOr } from './number-or.ts'
import { problemAt } from './problem-at.ts'
import { SimulatedFields } from './simulated-fields.tsx'
import { TryIt } from './try-it.tsx'
import { Typed } from './typed.tsx'

interface ServiceFormProps {
  service: DraftService
  /** Names of the events of the lab. */
  events: readonly string[]
  isNew: boolean
  /** What is wrong with the draft. */
  problems: readonly PlacedProblem[]
}

const bodies: { value: BodyKey; label: string }[] = [
  { value: 'builtin', label: 'Built-in' },
  { value: 'run', label: 'Program' },
  { value: 'simulate', label: 'Simulated' },
  { value: 'url', label: 'By URL' },
]

/** What a kind of service begins with; the checks of the file say what it still needs. */
const beginnings: Record<BodyKey, unknown> = {
  builtin: 'database',
  run: { command: ['python3', 'service.py'], directory: '.' },
  simulate: { work: { p50: '40ms', p99: '400ms' } },
  url: 'http://127.0.0.1:8080/',
  source: undefined,
}

/** One service of the draft. Every change goes into the file at once. */
export function ServiceForm({ service, events, isNew, problems }: ServiceFormProps) {
  const id = useId()
  const { name, body } = service
  const change = (keys: ServiceChange): void => {
    const { text, edit } = useLabDraft.getState()
    edit(changeService(text, name, keys))
  }
  const wrong = (key: string): string | undefined => problemAt(problems, name, key)
  const remove = (): void => {
    const { text, edit } = useLabDraft.getState()
    edit(removeService(text, name))
    setParams({ node: undefined }, { replace: true })
  }
  return (
    <>
      <Section title={name} aside={isNew ? 'new' : undefined}>
        {body === 'source' && service.receives.length === 0 ? (
          <p className="text-fg-3">A source: the publish form and bursts speak through it.</p>
        ) : (
          <Seg
            full
            label="What runs it"
            value={body}
            options={bodies}
            onChange={(next) =>
              change({
                ...{ builtin: undefined, run: undefined, simulate: undefined, url: undefined },
                [next]: beginnings[next],
              })
            }
          />
        )}
        <BodyFields id={id} service={service} problems={problems} onChange={change} />
        {body === 'source' ? null : (
          <Field label="Replicas" htmlFor={`${id}-replicas`} error={wrong('replicas')}>
            <Typed
              id={`${id}-replicas`}
              error={wrong('replicas')}
              value={service.replicas ?? ''}
              placeholder="1"
              inputMode="numeric"
              onTyped={(text) => change({ replicas: numberOr(text) })}
            />
          </Field>
        )}
        {isCalled(body) ? (
          <Field
            label="In hand"
            aside="events at a time for each replica"
            htmlFor={`${id}-concurrency`}
            error={wrong('concurrency')}
          >
            <Typed
              id={`${id}-concurrency`}
              error={wrong('concurrency')}
              value={service.concurrency ?? ''}
              placeholder="4"
              inputMode="numeric"
              onTyped={(text) => change({ concurrency: numberOr(text) })}
            />
          </Field>
        ) : null}
      </Section>
      {body === 'simulate' ? <SimulatedFields service={service} problems={problems} /> : null}
      <Section title="Events">
        <EventChips
          label="Receives"
          aside="through one queue"
          chosen={service.receives}
          events={events}
          onChange={(receives) => change({ receives: receives.length === 0 ? undefined : receives })}
        />
        <EventChips
          label="Sends"
          chosen={service.sends}
          events={events}
          onChange={(sends) => change({ sends: sends.length === 0 ? undefined : sends })}
        />
      </Section>
      {service.receives.length === 0 ? null : (
        <Section title="Promises">
          <Check checked={service.idempotent ?? body === 'builtin'} onChange={(idempotent) => change({ idempotent })}>
            <span>
              Idempotent <span className="text-fg-3">a second delivery changes nothing; this is checked</span>
            </span>
          </Check>
          <Field
            label="Attempts"
            aside="then a dead letter"
            htmlFor={`${id}-attempts`}
            error={wrong('retry.maximumAttempts')}
          >
            <Typed
              id={`${id}-attempts`}
              error={wrong('retry.maximumAttempts')}
              value={String(service.retry?.maximumAttempts ?? '')}
              placeholder="4"
              inputMode="numeric"
              onTyped={(text) => change({ retry: retryWith(service, 'maximumAttempts', numberOr(text)) })}
            />
          </Field>
          <Field
            label="First wait"
            aside="doubled from attempt to attempt"
            htmlFor={`${id}-wait`}
            error={wrong('retry.initialInterval')}
          >
            <Typed
              id={`${id}-wait`}
              error={wrong('retry.initialInterval')}
              value={String(service.retry?.initialInterval ?? '')}
              placeholder="as the default policy"
              onTyped={(text) => change({ retry: retryWith(service, 'initialInterval', text || undefined) })}
            />
          </Field>
        </Section>
      )}
      {service.receives.length === 0 ? null : <TryIt service={name} />}
      <Section title="Remove" aside="it is stopped when you apply">
        <Button onClick={remove}>
          <Icon name="trash" size={12} />
          Remove {name}
        </Button>
      </Section>
    </>
  )
}

/** The lab calls it, and so decides how many events it has in flight. */
const isCalled = (body: BodyKey): boolean => body === 'run' || body === 'url' || body === 'simulate'

function retryWith({ retry }: DraftService, key: string, value: unknown): Record<string, unknown> | undefined {
  const { [key]: _, ...rest } = retry ?? {}
  const next = value === undefined ? rest : { ...rest, [key]: value }
  return Object.keys(next).length === 0 ? undefined : next
}
