'use client'
import type { Subscription } from '#contracts/brokers/retry-policy.ts'
import { useEventTypes } from '#web/features/event-types/event-types-store.ts'
import { Field, Select } from '#web/ui/field.tsx'
import { Empty, Section } from '#web/ui/panel.tsx'
import { usePolicyDrafts } from './policy-drafts-store.ts'
import { PolicyForm } from './policy-form.tsx'

/** How a consumer retries: one policy for all types, and what single types have of their own. */
export function RetryPolicyTab({ consumer }: { consumer: string }) {
  const { state, subscriptions, problem } = useEventTypes()
  const subscription = subscriptions.find((one) => one.consumer === consumer)
  if (!subscription) {
    if (state === 'loading') return <Empty icon="retry" title="Reading its policy…" />
    return (
      <Empty icon="alert" title="Its policy could not be read">
        {problem?.detail ?? `The lab has no subscription of ${consumer}.`}
      </Empty>
    )
  }
  return <Policies subscription={subscription} />
}

const all = ''

function Policies({ subscription }: { subscription: Subscription }) {
  const chosen = usePolicyDrafts(({ types }) => types[subscription.consumer]) ?? all
  const own = Object.keys(subscription.retryPolicyByType)
  const types = [...new Set([...subscription.eventTypes, ...own])]
  // Its type may have gone meanwhile.
  const type = types.includes(chosen) ? chosen : all
  return (
    <>
      <Section title="Applies to" aside="from the next attempt on">
        <Field label="Event type" htmlFor="policy-type">
          <Select
            id="policy-type"
            value={type}
            onChange={(event) => usePolicyDrafts.getState().choose(subscription.consumer, event.target.value)}
          >
            <option value={all}>All types</option>
            {types.map((name) => (
              <option key={name} value={name}>
                {own.includes(name) ? `${name} (has its own)` : name}
              </option>
            ))}
          </Select>
        </Field>
      </Section>
      <PolicyForm key={type} subscription={subscription} type={type === all ? undefined : type} />
    </>
  )
}
