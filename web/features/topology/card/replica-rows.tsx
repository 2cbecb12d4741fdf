'use client'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'
import { useLive } from '#web/live/live-store.ts'
import { cn } from '#web/ui/recipes/cn.ts'
import { Status } from '#web/ui/status.tsx'
import { replicaView } from '../../nodes/replica-words.ts'
import { useGraphView } from '../graph-context.ts'

const none: never[] = []

/** The replicas of a service in the lower part of its card; `folded`: beside a queue strip, above a foot. */
export function ReplicaRows({ service, folded = false }: { service: string; folded?: boolean }) {
  const replicas = useLive((live) => live.services.find((one) => one.name === service)?.replicas ?? none)
  if (replicas.length === 0) return null
  return (
    <ul
      className={cn(
        '-mx-2.25 mt-1 -mb-1.75 grid border-t border-line px-2.25 py-0.75 glyph:size-2.5 glyph:text-[var(--tone,var(--text-3))] glyph:[--ink:var(--raised)]',
        folded && 'mt-0.5 mb-0 -ml-2 py-0 pl-2',
      )}
    >
      {replicas.map((replica) => (
        <Replica key={replica.instance} replica={replica} />
      ))}
    </ul>
  )
}

function Replica({ replica }: { replica: ReplicaStatus }) {
  const { trace } = useGraphView()
  const state = replicaView(replica)
  const note = trace?.replicas.get(replica.instance) ?? (replica.restarts > 0 ? `restarts ${replica.restarts}` : '')
  return (
    <li className="flex h-4.5 min-w-0 items-center gap-1.5 type-11 text-fg-3" title={replica.detail}>
      <Status tone={state.tone} glyph={state.glyph} />
      <code className="text-fg-2">{replica.instance.slice(replica.instance.lastIndexOf('-') + 1)}</code>
      {/* The note gives way first: a long word on two lines would lie over the next replica. */}
      <span className="shrink-0 whitespace-nowrap">{state.word}</span>
      <span className="ml-auto min-w-0 truncate">{note}</span>
    </li>
  )
}
