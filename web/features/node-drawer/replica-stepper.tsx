'use client'
import { AlertDialog } from 'radix-ui'
import { useState } from 'react'
import { api } from '#web/http/api.ts'
import { buttonClass, IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { confirmClass, confirmVeil } from '#web/ui/recipes/confirm.ts'
import { useSending } from '../form/use-sending.ts'

const most = 16

/** How many replicas a worker shall have. Fewer asks first, since what runs is stopped. */
export function ReplicaStepper({ service, wanted }: { service: string; wanted: number }) {
  const [asking, setAsking] = useState(false)
  const { sending, problem, send } = useSending()
  const scale = (replicas: number) => send(() => api.put(`/api/services/${encodeURIComponent(service)}`, { replicas }))
  const last = `${service}-${wanted}`
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend into the head */}
      <span className="inline-flex items-center gap-0.5" role="group" aria-label={`Replicas of ${service}`}>
        <IconButton
          label={wanted === 1 ? 'At least one replica' : 'One replica fewer'}
          disabled={sending || wanted <= 1}
          onClick={() => setAsking(true)}
        >
          <Icon name="minus" />
        </IconButton>
        <output className="min-w-16 text-center tabular-nums" aria-live="polite">
          {wanted} <span className="type-11 text-fg-3">wanted</span>
        </output>
        <IconButton
          label={wanted === most ? `At most ${most} replicas` : 'One replica more'}
          disabled={sending || wanted >= most}
          onClick={() => void scale(wanted + 1)}
        >
          <Icon name="plus" />
        </IconButton>
      </span>
      {problem === undefined ? null : (
        <span className="type-11 text-lost-fg" role="alert">
          {problem.detail}
        </span>
      )}
      <AlertDialog.Root open={asking} onOpenChange={setAsking}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className={confirmVeil} />
          <AlertDialog.Content className={confirmClass}>
            <AlertDialog.Title className="type-14 font-semibold">Stop {last}?</AlertDialog.Title>
            <AlertDialog.Description className="text-fg-2">
              It receives nothing new, finishes its messages within the grace time, gives the rest back, and ends. The
              others keep running; no message is lost.
            </AlertDialog.Description>
            <div className="mt-2 flex min-w-0 items-center justify-end gap-2">
              <AlertDialog.Cancel className={buttonClass()}>Keep it</AlertDialog.Cancel>
              <AlertDialog.Action className={buttonClass('primary')} onClick={() => void scale(wanted - 1)}>
                Stop it
              </AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  )
}
