'use client'
import { useMemo } from 'react'
import { useLive } from '#web/live/live-store.ts'
import { Section } from '#web/ui/panel.tsx'
import { since } from '../words/figures.ts'
import { ranges, topicWords } from './partition-rows.ts'

/** Which partitions each replica of a group reads, and since which generation. Nothing where the broker has no partitions. */
export function Assignment({ group }: { group: string }) {
  const all = useLive((live) => live.members)
  const now = useLive((live) => live.at)
  const members = useMemo(() => all.filter((member) => member.group === group), [all, group])
  if (members.length === 0) return null
  const generation = Math.max(...members.map((member) => member.generation))
  return (
    <Section title="Assignment" aside={`generation ${generation}`}>
      <ul className="lines">
        {members.map(({ instance, memberId, generation: own, partitions, reason, since: at }) => (
          <li key={instance}>
            <div className="row">
              <b title={memberId}>{instance}</b>
              <span className="spacer" />
              <span className="t3">
                {own === generation ? '' : `still generation ${own}, `}
                {reason} {since(Date.parse(at), now)} ago
              </span>
            </div>
            {partitions.map(({ topic, partitions: numbers }) => (
              <p key={topic} className="t2">
                {topicWords(topic, group)} <span className="t3">{ranges(numbers)}</span>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  )
}
