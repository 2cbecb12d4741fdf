'use client'
import { brokerOf, defaultBroker } from '#contracts/brokers/broker-name.ts'
import {
  modeOn,
  policyFor,
  type RetryPolicy,
  type Subscription,
  retryPolicy as wholePolicy,
} from '#contracts/brokers/retry-policy.ts'
import { reloadEventTypes } from '#web/features/event-types/event-types-store.ts'
import { type Answer, api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Section } from '#web/ui/panel.tsx'
import { useDraft } from '../form/use-draft.ts'
import { clock } from '../words/figures.ts'
import { BackoffSchedule } from './backoff-schedule.tsx'
import { bodyOfPolicy, type NumberField, type PolicyDraft, policyDraftOf } from './policy-draft.ts'
import { draftKey, usePolicyDrafts } from './policy-drafts-store.ts'

const modeWords: Record<RetryPolicy['mode'], string> = {
  blocking: 'in its partition: messages after it wait too',
  'retry-topic': 'in a retry topic: messages after it go on',
  'visibility-timeout': 'hidden in its queue: messages after it go on',
}
const jitterWords: Record<RetryPolicy['jitter'], string> = {
  none: 'none: always 100 %',
  equal: 'equal: 50 to 100 %',
  full: 'full: 0 to 100 %',
}
const numbers: { field: NumberField; label: string; unit: string }[] = [
  { field: 'maximumAttempts', label: 'Attempts at most', unit: 'with the first' },
  { field: 'attemptTimeoutMs', label: 'Time for one attempt', unit: 'ms' },
  { field: 'initialIntervalMs', label: 'Wait before the second', unit: 'ms' },
  { field: 'backoffCoefficient', label: 'Each wait is longer by', unit: '×' },
  { field: 'maximumIntervalMs', label: 'Longest wait', unit: 'ms' },
]

/** Of one type: what is not given is as for all. */
const ownPolicy = wholePolicy.partial()

/** The policy for all types, or what `type` has of its own: there, what is left empty is as for all. */
export function PolicyForm({ subscription, type }: { subscription: Subscription; type: string | undefined }) {
  const broker = useLive((live) => live.lab?.broker ?? defaultBroker)
  const { consumer, retryPolicy } = subscription
  const stored = type === undefined ? retryPolicy : (subscription.retryPolicyByType[type] ?? {})
  const key = draftKey(consumer, type)
  const draft = usePolicyDrafts((all) => all.drafts[key])
  const savedAt = usePolicyDrafts((all) => all.savedAt[key])
  const shown = draft ?? policyDraftOf(stored)
  const form = useDraft<PolicyDraft, Partial<RetryPolicy>>({
    contract: type === undefined ? wholePolicy : ownPolicy,
    first: () => shown,
    bodyOf: (typed) => bodyOfPolicy(typed, type === undefined),
    kept: { draft: shown, keep: (change) => usePolicyDrafts.getState().edit(key, policyDraftOf(stored), change) },
    asTyped: true,
    placeOf: (pointer) => pointer.replace(/^\/retryPolicy(ByType\/[^/]+)?/, ''),
  })
  const { input, problem, sending, edit } = form
  const whole = { ...(type === undefined ? retryPolicy : policyFor(subscription, type)), ...input }
  const put = async (value: Partial<RetryPolicy> | null): Promise<Answer> => {
    const body = type === undefined ? { retryPolicy: value } : { retryPolicyByType: { [type]: value } }
    const answer = await api.put(`/api/subscriptions/${encodeURIComponent(consumer)}`, body)
    if (answer.ok) await reloadEventTypes()
    return answer
  }
  const send = async (sent: Promise<object | undefined>): Promise<void> => {
    if ((await sent) !== undefined) usePolicyDrafts.getState().saved(key, Date.now(), draft)
  }
  const discard = (): void => {
    usePolicyDrafts.getState().discard(key)
    form.reset()
  }
  const errorOf = (field: keyof PolicyDraft): string | undefined => form.errorAt(`/${field}`)
  const inherited = type !== undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (draft) void send(form.submit(put))
      }}
    >
      <Section title="Policy" aside={inherited ? 'empty fields: as for all types' : undefined}>
        <div className="grid grid-cols-[1fr_1fr] items-start gap-3">
          {numbers.map(({ field, label, unit }) => (
            <Field key={field} label={label} htmlFor={`policy-${field}`} error={errorOf(field)}>
              <TextInput
                id={`policy-${field}`}
                inputMode="decimal"
                value={shown[field]}
                placeholder={inherited ? String(retryPolicy[field]) : undefined}
                invalid={errorOf(field) !== undefined}
                after={<span className="ml-auto type-11 text-fg-3">{unit}</span>}
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
        <Field className="mt-3" label="Where it waits" htmlFor="policy-mode" error={errorOf('mode')}>
          <Select
            id="policy-mode"
            invalid={errorOf('mode') !== undefined}
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
          className="mt-3"
          label="Errors that are not retried"
          aside="exact names"
          htmlFor="policy-fatal"
          error={errorOf('nonRetryableErrorTypes')}
        >
          <TextInput
            id="policy-fatal"
            invalid={errorOf('nonRetryableErrorTypes') !== undefined}
            mono
            value={shown.nonRetryableErrorTypes}
            placeholder={inherited ? retryPolicy.nonRetryableErrorTypes.join(', ') || 'none' : 'none'}
            onChange={(event) => edit({ nonRetryableErrorTypes: event.target.value })}
          />
        </Field>
        {problem === undefined ? null : (
          <p className="type-11 text-lost-fg" role="alert">
            {problem.detail}
          </p>
        )}
        <div className="mt-3 flex min-w-0 items-center gap-2">
          <Button type="submit" variant="primary" disabled={!draft || sending || input === undefined}>
            {sending ? 'Saving…' : 'Save'}
          </Button>
          <Button disabled={!draft || sending} onClick={discard}>
            Discard edits
          </Button>
          {inherited && Object.keys(stored).length > 0 ? (
            <Button disabled={sending} onClick={() => void send(form.run(() => put(null)))}>
              Use the policy for all types
            </Button>
          ) : null}
          <span className="min-w-0 truncate text-fg-3" role="status">
            {draft ? 'Not saved yet' : savedAt === undefined ? '' : `Saved at ${clock(savedAt).slice(0, 8)}`}
          </span>
        </div>
      </Section>
      <BackoffSchedule policy={whole} />
    </form>
  )
}
