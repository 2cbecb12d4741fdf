'use client'
import { useState } from 'react'
import { brokerOf, defaultBroker } from '#contracts/brokers/broker-name.ts'
import { modeOn, policyFor, type RetryPolicy, type Subscription } from '#contracts/brokers/retry-policy.ts'
import type { Problem } from '#contracts/errors.ts'
import { reloadEventTypes } from '#web/features/event-types/event-types-store.ts'
import { api } from '#web/live/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { BackoffSchedule } from './backoff-schedule.tsx'
import { draftOf, type NumberField, type PolicyDraft, readDraft } from './policy-draft.ts'
import './retry-policy.css'

const modeWords: Record<RetryPolicy['mode'], string> = {
  blocking: 'blocking: the partition waits',
  'retry-topic': 'retry topic: others go on',
  'visibility-timeout': 'visibility timeout: hidden in its queue',
}
const jitterWords: Record<RetryPolicy['jitter'], string> = {
  none: 'none',
  equal: 'equal: half to all',
  full: 'full: zero to all',
}
const numbers: { field: NumberField; label: string; unit: string }[] = [
  { field: 'maximumAttempts', label: 'Attempts', unit: 'in all' },
  { field: 'attemptTimeoutMs', label: 'Attempt timeout', unit: 'ms' },
  { field: 'initialIntervalMs', label: 'First interval', unit: 'ms' },
  { field: 'backoffCoefficient', label: 'Backoff coefficient', unit: '×' },
  { field: 'maximumIntervalMs', label: 'Longest interval', unit: 'ms' },
]

/** The policy for all types, or what `type` has of its own: there, what is left empty is as for all. */
export function PolicyForm({ subscription, type }: { subscription: Subscription; type: string | undefined }) {
  const broker = useLive((live) => live.lab?.broker ?? defaultBroker)
  const { consumer, retryPolicy } = subscription
  const stored = type === undefined ? retryPolicy : (subscription.retryPolicyByType[type] ?? {})
  const [draft, setDraft] = useState<PolicyDraft>()
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const shown = draft ?? draftOf(stored)
  const { policy, errors } = readDraft(shown, type === undefined)
  const whole = { ...(type === undefined ? retryPolicy : policyFor(subscription, type)), ...policy }
  const edit = (patch: Partial<PolicyDraft>): void => {
    setProblem(undefined)
    setDraft({ ...shown, ...patch })
  }
  const send = async (value: Partial<RetryPolicy> | null): Promise<void> => {
    setSaving(true)
    const body = type === undefined ? { retryPolicy: value } : { retryPolicyByType: { [type]: value } }
    const answer = await api.put(`/api/subscriptions/${encodeURIComponent(consumer)}`, body)
    if (answer.ok) await reloadEventTypes()
    setSaving(false)
    if (!answer.ok) return setProblem(answer.problem)
    setProblem(undefined)
    setDraft(undefined)
  }
  const errorOf = (field: keyof PolicyDraft): string | undefined =>
    errors[field] ?? problem?.errors?.find(({ path }) => path.endsWith(`/${field}`))?.message
  const inherited = type !== undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (draft && Object.keys(errors).length === 0) void send(policy)
      }}
    >
      <Section title="Policy" aside={inherited ? 'empty: as for all types' : undefined}>
        <div className="policy__grid">
          {numbers.map(({ field, label, unit }) => (
            <Field key={field} label={label} htmlFor={`policy-${field}`} error={errorOf(field)}>
              <TextInput
                id={`policy-${field}`}
                inputMode="decimal"
                value={shown[field]}
                placeholder={inherited ? String(retryPolicy[field]) : undefined}
                invalid={errorOf(field) !== undefined}
                after={<span className="unit">{unit}</span>}
                onChange={(event) => edit({ [field]: event.target.value })}
              />
            </Field>
          ))}
          <Field label="Jitter" htmlFor="policy-jitter">
            <Select
              id="policy-jitter"
              value={shown.jitter}
              onChange={(event) => edit({ jitter: event.target.value as PolicyDraft['jitter'] })}
            >
              {inherited ? <option value="">as for all: {retryPolicy.jitter}</option> : null}
              {Object.entries(jitterWords).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <Field label="Waits in" htmlFor="policy-mode" error={errorOf('mode')}>
          <Select
            id="policy-mode"
            value={shown.mode}
            onChange={(event) => edit({ mode: event.target.value as PolicyDraft['mode'] })}
          >
            {inherited ? <option value="">as for all: {modeOn(broker, retryPolicy.mode)}</option> : null}
            {brokerOf(broker).retryModes.map((mode) => (
              <option key={mode} value={mode}>
                {modeWords[mode]}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label="Error types that are not retried"
          aside="exact names"
          htmlFor="policy-fatal"
          error={errorOf('nonRetryableErrorTypes')}
        >
          <TextInput
            id="policy-fatal"
            mono
            value={shown.nonRetryableErrorTypes}
            placeholder={inherited ? retryPolicy.nonRetryableErrorTypes.join(', ') || 'none' : 'none'}
            onChange={(event) => edit({ nonRetryableErrorTypes: event.target.value })}
          />
        </Field>
        {problem === undefined ? null : (
          <p className="field__error" role="alert">
            {problem.detail}
          </p>
        )}
        <div className="row">
          <Button type="submit" variant="primary" disabled={!draft || saving || Object.keys(errors).length > 0}>
            {saving ? 'Saving…' : 'Save'}
          </Button>
          <Button disabled={!draft || saving} onClick={() => setDraft(undefined)}>
            Revert
          </Button>
          {inherited && Object.keys(stored).length > 0 ? (
            <Button disabled={saving} onClick={() => void send(null)}>
              As for all types
            </Button>
          ) : null}
        </div>
      </Section>
      <BackoffSchedule policy={whole} />
    </form>
  )
}
