'use client'

import type { FlowView } from '#contracts/api/flow.ts'
import { effectOf } from '#contracts/effects/effect-kind.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon, type IconName } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { durationWords } from '../words/figures.ts'

/** Something done in the world because of an event of a flow. */
export interface FlowEffect {
  key: string
  message: string
  service: string
  icon: IconName
  what: string
  /** Epoch milliseconds. */
  at: number
  /** Part of the outbox that shows it; absent if the service only said so. */
  outbox?: 'emails' | 'rows'
}

/** Effects that workers made and reported, and those that programs reported; in the order of time. */
export function effectsOf({ journeys }: Pick<FlowView, 'journeys'>): FlowEffect[] {
  return journeys
    .flatMap((journey) =>
      journey.obligations.flatMap(({ group, attempts }) =>
        attempts.flatMap(({ effect, reported, startedAt, handlingMs = 0 }, index): FlowEffect[] => {
          const base = {
            ...{ key: `${journey.id} ${group} ${index}`, message: journey.id, service: group },
            at: Date.parse(startedAt) + handlingMs,
          }
          if (effect && !effect.suppressed) {
            const mail = effect.kind === 'email'
            return [
              {
                ...{ ...base, icon: mail ? 'mail' : 'db', outbox: mail ? 'emails' : 'rows' },
                what: `${effectOf(effect.kind).words.made}: ${effect.ref}`,
              },
            ]
          }
          return reported === undefined ? [] : [{ ...base, icon: 'check', what: reported }]
        }),
      ),
    )
    .sort((a, b) => a.at - b.at)
}

/** `start`: of the flow, epoch milliseconds. */
export function EffectsTab({ effects, start }: { effects: readonly FlowEffect[]; start: number }) {
  if (effects.length === 0) return <p className="p-4 text-fg-3">Nothing was done in the world because of it yet.</p>
  return (
    <Section title="Effects" aside="in the order of time">
      <ul>
        {effects.map(({ key, message, service, icon, what, at, outbox }) => (
          <li
            key={key}
            className="grid grid-cols-[64px_16px_1fr_auto] items-center gap-x-2 border-t border-line py-1 first:border-t-0"
          >
            <span className="text-fg-3">+{durationWords(Math.max(0, at - start))}</span>
            <Icon name={icon} className="text-fg-3" />
            <span className="min-w-0 truncate" title={what}>
              {what} <span className="text-fg-3">by {service}</span>
            </span>
            {outbox === undefined ? (
              <span className="text-fg-3">reported, not looked up</span>
            ) : (
              <RouteLink patch={{ dock: 'outbox', outbox: outbox === 'rows' ? 'rows' : undefined, of: message }}>
                {outbox === 'rows' ? 'Open row' : 'Open mail'}
              </RouteLink>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
