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
      <ul>
        {members.map(({ instance, memberId, generation: own, partitions, reason, since: at }) => (
          <li className="border-t border-line py-1.5 first:border-t-0 first:pt-0" key={instance}>
            <div className="flex min-w-0 items-center gap-2">
              <b className="font-medium" title={memberId}>
                {instance}
              </b>
              <span className="flex-1" />
              <span className="text-fg-3">
                {own === generation ? '' : `still generation ${own}, `}
                {reason} {since(Date.parse(at), now)} ago
              </span>
            </div>
            {partitions.map(({ topic, partitions: numbers }) => (
              <p key={topic} className="text-fg-2">
                {topicWords(topic, group)} <span className="text-fg-3">{ranges(numbers)}</span>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  )
}
