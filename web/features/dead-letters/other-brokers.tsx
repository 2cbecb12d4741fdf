'use client'

import { useQueries } from '@tanstack/react-query'
import { z } from 'zod'
import { messageRow } from '#contracts/api/journey.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { read } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { brokerNames } from '../broker/broker-words.ts'
import { MessagesLink } from '../messages/messages-link.tsx'
import { count } from '../words/figures.ts'

/** So many are counted exactly. */
const counted = 500
const page = z.object({ items: z.array(messageRow), nextCursor: z.string().optional() })

interface Left {
  name: BrokerName
  found: number
  more: boolean
}

/** Messages that were given up on the brokers that the lab does not run on now: they stay there until it does again. */
function useLeft(): Left[] {
  const current = useLive((live) => live.broker?.broker)
  const names = useLive((live) => live.broker?.available ?? none)
    .map(({ name }) => name)
    .filter((name) => name !== current)
  return useQueries({
    queries: names.map((name) => ({
      queryKey: ['dead-letters-left', name, current],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        read(`/api/messages?state=dead_lettered&broker=${name}&limit=${counted}`, page, signal),
    })),
    combine: (answers) =>
      answers.flatMap(({ data }, index) => {
        const name = names[index]
        if (name === undefined || data === undefined || data.items.length === 0) return []
        return [{ name, found: data.items.length, more: data.nextCursor !== undefined }]
      }),
  })
}

const none: never[] = []

/** One line for each other broker that holds dead letters, with a way to its messages. */
export function OtherBrokers() {
  const left = useLeft()
  return left.map(({ name, found, more }) => (
    <p key={name} className={cn(noteClass, 'mx-4 mt-1 items-center py-1')}>
      <Icon name="dlq" />
      <span>
        {more ? `More than ${count(found)} messages` : found === 1 ? '1 message' : `${count(found)} messages`}{' '}
        dead-lettered on {brokerNames[name]}. They stay there, and can be redriven when the lab runs on{' '}
        {brokerNames[name]} again.
      </span>
      <MessagesLink className="ml-auto whitespace-nowrap" filters={{ state: 'dead_lettered', broker: name }}>
        Show them
      </MessagesLink>
    </p>
  ))
}
