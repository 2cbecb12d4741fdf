'use client'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { switchBanner } from '../broker/broker-words.ts'
import { HealBanner } from '../faults/heal-all.tsx'
import { clock } from '../words/figures.ts'

/** What the reader must know about the lab itself: it does not answer, or it reports that something is wrong. */
export function Banner() {
  const connection = useLive((live) => live.connection)
  const refused = useLive((live) => live.refused)
  const problems = useLive((live) => live.problems)
  const switching = useLive((live) => live.broker && switchBanner(live.broker))
  const at = useLive((live) => (live.connection === 'lost' ? live.at : 0))
  return (
    <div role="status" aria-live="polite">
      {connection === 'lost' ? (
        <p className="flex min-h-8 items-center gap-2 border-b border-line bg-retrying-bg px-4 py-1.5 text-retrying-fg">
          <Icon name="alert" />
          <span>
            <b>The lab does not answer.</b> What you see is from {clock(at).slice(0, 8)}. This page tries again by
            itself.
          </span>
        </p>
      ) : null}
      {refused === undefined ? null : (
        <p className="flex min-h-8 items-center gap-2 border-b border-line bg-retrying-bg px-4 py-1.5 text-retrying-fg">
          <Icon name="alert" />
          <span>
            <b>The lab refuses this browser:</b> {refused}
          </span>
        </p>
      )}
      <HealBanner />
      {connection !== 'live' || switching === undefined ? null : <Problem text={switching} />}
      {connection === 'live' ? problems.map((text) => <Problem key={text} text={text} />) : null}
    </div>
  )
}

function Problem({ text }: { text: string }) {
  return (
    <p className="flex min-h-8 items-center gap-2 border-b border-line bg-retrying-bg px-4 py-1.5 text-retrying-fg">
      <Icon name="alert" />
      <span>{text}</span>
    </p>
  )
}
