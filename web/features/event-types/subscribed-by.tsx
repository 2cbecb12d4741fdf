'use client'

import { useMemo } from 'react'
import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import { useLive } from '#web/live/live-store.ts'
import { Check } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { sectionHead } from '#web/ui/recipes/panel-parts.ts'
import type { EventTypeDraft } from './event-type-draft.ts'
import { useEventTypes } from './event-types-store.ts'

interface SubscribedByProps {
  draft: EventTypeDraft
  consumers: string[]
  readOnly: boolean
  onEdit: (patch: Partial<EventTypeDraft>) => void
}

/** Which consumers take the type, what each will do with it, and how it retries. */
export function SubscribedBy({ draft, consumers, readOnly, onEdit }: SubscribedByProps) {
  const { subscriptions } = useEventTypes()
  const effects = useEffects()
  const taking = consumers.filter((consumer) => draft.consumers.includes(consumer))
  return (
    <div>
      <div className={sectionHead}>
        <h3>Taken by</h3>
        <span className="type-11 text-fg-3">
          {taking.length} of {consumers.length} consumers
        </span>
      </div>
      <ul className="mt-2 rounded-md border border-border">
        {consumers.map((consumer) => {
          const subscribesTo = draft.consumers.includes(consumer)
          const policy = subscriptions.find((subscription) => subscription.consumer === consumer)?.retryPolicy
          const plain = effects[consumer] === 'email' && subscribesTo && !draft.mailed && !readOnly
          return (
            <li className="flex h-9 items-center gap-2 border-t border-line px-3 first:border-t-0" key={consumer}>
              <Check
                checked={subscribesTo}
                disabled={readOnly}
                onChange={(checked) =>
                  onEdit({
                    consumers: consumers.filter((name) =>
                      name === consumer ? checked : draft.consumers.includes(name),
                    ),
                  })
                }
              >
                <b className="font-medium">{consumer}</b>
              </Check>
              <span className="min-w-0 flex-initial truncate text-fg-3">
                {subscribesTo ? deed(effects[consumer], draft, readOnly) : 'does not take it'}
              </span>
              <span className="flex-1" />
              {plain ? (
                <span className="flex min-w-0 items-center gap-2 whitespace-nowrap text-fg-2">
                  <Icon name="alert" size={14} />
                  falls back to plain text
                </span>
              ) : (
                <span className="whitespace-nowrap text-fg-3">{policy ? retryWords(policy) : ''}</span>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** The kind of effect of each consumer, by the wiring of the graph. */
function useEffects(): Record<string, 'email' | 'row' | undefined> {
  const topology = useLive((live) => live.topology)
  return useMemo(() => {
    const nodes = new Map(topology.nodes.map((node) => [node.id, node]))
    const pairs = topology.edges.flatMap((edge) => {
      const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)]
      return from?.kind === 'consumer' && to?.kind === 'effect' ? [[from.name, to.effect] as const] : []
    })
    return Object.fromEntries(pairs)
  }, [topology])
}

const tables: Record<string, string> = {
  user_signup: 'upserts a row in users',
  order_placed: 'writes an order with its items',
}

function deed(effect: 'email' | 'row' | undefined, draft: EventTypeDraft, builtIn: boolean): string {
  if (effect === 'email') {
    if (builtIn) return 'mails it in its own words'
    return draft.mailed ? 'mails it by the template' : `needs a template for ${draft.name || 'it'}`
  }
  if (effect === 'row') return (builtIn ? tables[draft.name] : undefined) ?? 'stores it as JSON in records'
  return 'takes it'
}

const retryWords = ({ maximumAttempts, mode }: RetryPolicy): string =>
  `${maximumAttempts} ${maximumAttempts === 1 ? 'attempt' : 'attempts'}, ${mode.replace('-', ' ')}`
