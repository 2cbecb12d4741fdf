'use client'

import { useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import type { Problem } from '#contracts/errors.ts'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { go } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Section } from '#web/ui/panel.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { Status } from '#web/ui/status.tsx'
import { openFlow } from '../flows/flow-line.tsx'
import { useDeclaredLab } from '../lab/lab-query.ts'
import { replicaView } from '../nodes/replica-words.ts'

const none: ReplicaStatus[] = []
const published = z.object({ id: z.string() })

/** How the replicas of a running service are, and an example event for it: what becomes of it is shown on the graph. */
export function TryIt({ service }: { service: string }) {
  const { data } = useDeclaredLab()
  const replicas = useLive((live) => live.services.find(({ name }) => name === service)?.replicas ?? none)
  const [state, setState] = useState<'idle' | 'sending' | Problem>('idle')
  const isOpen = useRef(false)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])
  const running = data?.declaration.services.find(({ name }) => name === service)
  const type = data?.declaration.events.find(({ name }) => running?.receives.includes(name))
  const flow = data?.declaration.flows.find(({ starts }) => starts === type?.name)
  const send = async (): Promise<void> => {
    if (type === undefined) return
    setState('sending')
    const from = window.location.href
    const answer = await api.post('/event', { type: type.name, data: type.example })
    if (!answer.ok) return setState(answer.problem)
    setState('idle')
    const { id } = published.parse(answer.value)
    // Who has gone elsewhere meanwhile stays there.
    if (!isOpen.current || window.location.href !== from) return
    const nothing = { ...openFlow(id), flow: undefined, letter: undefined, redrive: undefined, as: undefined }
    go('/', { ...nothing, ...(flow === undefined ? { message: id } : { flow: id, dock: 'flows' }) })
  }
  return (
    <Section
      title="Readiness"
      aside={type === undefined ? 'applied, it can be tried' : undefined}
      actions={
        <Button
          small
          disabled={type === undefined || state === 'sending'}
          title={
            type === undefined
              ? 'It does not run yet, or receives nothing'
              : `Publishes the example of ${type.name}, which all who receive it take, and shows what becomes of it`
          }
          onClick={() => void send()}
        >
          <Icon name="play" size={12} />
          {state === 'sending' ? 'Sending…' : 'Try it'}
        </Button>
      }
    >
      <ul className="grid">
        {replicas.map((replica) => (
          <Replica key={replica.instance} replica={replica} />
        ))}
      </ul>
      {typeof state === 'string' ? null : <ProblemNote problem={state} />}
    </Section>
  )
}

function Replica({ replica }: { replica: ReplicaStatus }) {
  const { tone, glyph, word } = replicaView(replica)
  return (
    <li className="flex min-h-7 min-w-0 items-center gap-2 border-t border-line first:border-t-0">
      <code>{replica.instance}</code>
      <span className="min-w-0 flex-1 truncate text-fg-3" title={replica.detail}>
        {replica.detail}
      </span>
      <Status tone={tone} glyph={glyph}>
        {word}
      </Status>
    </li>
  )
}
