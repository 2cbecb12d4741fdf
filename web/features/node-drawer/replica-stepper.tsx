'use client'
import { AlertDialog } from 'radix-ui'
import { useState } from 'react'
import { api } from '#web/live/api.ts'
import { IconButton } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'

const most = 16

/** How many replicas a worker shall have. Fewer asks first, since what runs is stopped. */
export function ReplicaStepper({ service, wanted }: { service: string; wanted: number }) {
  const [asking, setAsking] = useState(false)
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<string>()
  const scale = async (replicas: number): Promise<void> => {
    setSending(true)
    const answer = await api.put(`/api/services/${encodeURIComponent(service)}`, { replicas })
    setSending(false)
    setProblem(answer.ok ? undefined : answer.problem.detail)
  }
  const last = `${service}-${wanted}`
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend into the head */}
      <span className="stepper" role="group" aria-label={`Replicas of ${service}`}>
        <IconButton
          label={wanted === 1 ? 'At least one replica' : 'One replica fewer'}
          disabled={sending || wanted <= 1}
          onClick={() => setAsking(true)}
        >
          <Icon name="minus" />
        </IconButton>
        <output aria-live="polite">
          {wanted} <span className="t3">wanted</span>
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
        <span className="field__error" role="alert">
          {problem}
        </span>
      )}
      <AlertDialog.Root open={asking} onOpenChange={setAsking}>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="confirm__veil" />
          <AlertDialog.Content className="confirm">
            <AlertDialog.Title className="confirm__title">Stop {last}?</AlertDialog.Title>
            <AlertDialog.Description className="t2">
              It takes no more, finishes what it holds within its grace time, gives the rest back, and ends. The others
              go on; no message is lost.
            </AlertDialog.Description>
            <div className="row confirm__actions">
              <AlertDialog.Cancel className="btn">Keep it</AlertDialog.Cancel>
              <AlertDialog.Action className="btn btn--primary" onClick={() => void scale(wanted - 1)}>
                Stop it
              </AlertDialog.Action>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  )
}
