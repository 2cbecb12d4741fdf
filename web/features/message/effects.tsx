'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { Journey } from '#contracts/api/journey.ts'
import { type OutboxEmail, type OutboxRow, outboxEmail, outboxRow } from '#contracts/api/outbox.ts'
import { read } from '#web/http/server-state.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { effectMadeAt } from '../words/effect-time.ts'
import { clock } from '../words/figures.ts'

interface Found {
  emails: OutboxEmail[]
  rows: OutboxRow[]
}

/** What the consumers did in the world because of this message. */
export function Effects({ journey }: { journey: Journey }) {
  const done = journey.obligations.flatMap((obligation) =>
    obligation.effect ? [{ group: obligation.group, effect: obligation.effect, madeAt: effectMadeAt(obligation) }] : [],
  )
  const found = useEffectsOf(journey.id, done.length)
  if (done.length === 0) return null
  return (
    <Section title="Effects" className="gap-1.5">
      {done.map(({ group, effect, madeAt }) => {
        const email = effect.kind === 'email' ? found?.emails[0] : undefined
        const row = effect.kind === 'row' ? found?.rows[0] : undefined
        const suppressed = suppressedIn(journey, group)
        const mails = found?.emails.length ?? 0
        return (
          <div className="grid grid-cols-[16px_1fr_auto] items-center gap-x-2 gap-y-0.5" key={group}>
            <Icon className="text-fg-3" name={effect.kind === 'email' ? 'mail' : 'db'} />
            <span className="min-w-0 truncate" title={effect.ref}>
              {email ? `“${email.subject}” ` : row ? `${row.table}, 1 row with its inbox entry ` : `${effect.ref} `}
              {email || row ? (
                <span className="text-fg-3">{clock(madeAt ?? email?.receivedAt ?? row?.writtenAt ?? '')}</span>
              ) : null}
            </span>
            <RouteLink
              className="inline-flex h-6 items-center"
              patch={{ dock: 'outbox', outbox: effect.kind === 'email' ? undefined : 'rows', of: journey.id }}
            >
              {effect.kind === 'email' ? 'Open mail' : 'Open row'}
            </RouteLink>
            {suppressed === 0 ? null : (
              <span className="col-[2/-1] text-fg-3">
                {suppressed === 1 ? '1 more delivery' : `${suppressed} more deliveries`} had no effect: the inbox knew
                the message.
              </span>
            )}
            {effect.kind === 'email' && mails > 1 ? (
              <span className="col-[2/-1] text-fg-3">{mails} mails were accepted: SMTP cannot promise one.</span>
            ) : null}
          </div>
        )
      })}
    </Section>
  )
}

const suppressedIn = (journey: Journey, group: string): number =>
  journey.obligations
    .find((obligation) => obligation.group === group)
    ?.attempts.filter((attempt) => attempt.effect?.suppressed).length ?? 0

const emailList = z.object({ items: z.array(outboxEmail) })
const rowList = z.object({ items: z.array(outboxRow) })

/** The mails and rows themselves; looked up again when another effect is reported. */
function useEffectsOf(id: string, effects: number): Found | undefined {
  const of = `messageId=${encodeURIComponent(id)}`
  return useQuery({
    queryKey: ['effects', id, effects],
    queryFn: async ({ signal }): Promise<Found> => {
      const [emails, rows] = await Promise.allSettled([
        read(`/api/outbox/emails?${of}`, emailList, signal),
        read(`/api/outbox/rows?${of}`, rowList, signal),
      ])
      return {
        emails: emails.status === 'fulfilled' ? emails.value.items : [],
        rows: rows.status === 'fulfilled' ? rows.value.items : [],
      }
    },
    enabled: effects > 0,
    // Those of the same message stay in sight until the next are found.
    placeholderData: (found, query) => (query?.queryKey[1] === id ? found : undefined),
  }).data
}
