'use client'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { Button } from '#web/ui/button.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { popoverClass } from '#web/ui/recipes/popover.ts'
import { segClass, segItem } from '#web/ui/seg.tsx'
import { Status } from '#web/ui/status.tsx'
import { brokerNames, consequences, headline, unsettledCount } from './broker-words.ts'
import { SwitchSteps } from './switch-progress.tsx'

/** Local · Redis · Kafka: which one the lab runs on, the health of each, and the way to another. */
export function BrokerControl() {
  const lab = useLive((live) => live.broker)
  const connected = useLive((live) => live.connection === 'live')
  /** The segment whose popover is open. */
  const [open, setOpen] = useState<BrokerName>()
  const [refusal, setRefusal] = useState<string>()
  if (!lab) return null
  const busy = lab.state !== 'ready'
  const target = busy ? lab.switch?.to : undefined

  const put = async (body: { broker: BrokerName; abandon?: true }): Promise<void> => {
    const answer = await api.put('/api/lab/broker', body)
    setRefusal(answer.ok ? undefined : answer.problem.detail)
  }
  const show = (name: BrokerName): void => {
    setRefusal(undefined)
    setOpen((shown) => (shown === name ? undefined : name))
  }

  return (
    <Popover.Root open={open !== undefined} onOpenChange={(next) => next || setOpen(undefined)}>
      <Popover.Anchor asChild>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a border and a legend into the bar */}
        <div className={segClass} data-brokers="" role="group" aria-label="Broker">
          {brokerName.options.map((name) => (
            <Segment
              key={name}
              name={name}
              lab={lab}
              connected={connected}
              isTarget={name === target}
              isOpen={name === open}
              onClick={() => show(name)}
            />
          ))}
        </div>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className={cn(
            popoverClass,
            'grid max-h-[min(560px,var(--radix-popover-content-available-height,560px))] w-95 gap-2.5 px-4 py-3.5',
          )}
          align="end"
          sideOffset={6}
          aria-label="Broker"
          onInteractOutside={(event) => {
            if (event.target instanceof Element && event.target.closest('[data-brokers]')) event.preventDefault()
          }}
        >
          {open === undefined ? null : (
            <Body lab={lab} chosen={open} refusal={refusal} put={put} onClose={() => setOpen(undefined)} />
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Segment(props: {
  name: BrokerName
  lab: LabBroker
  connected: boolean
  isTarget: boolean
  isOpen: boolean
  onClick: () => void
}) {
  const { name, lab, connected, isTarget, isOpen, onClick } = props
  const found = lab.available.find((one) => one.name === name)
  const ready = connected && found?.ready === true
  const word = isTarget ? 'the lab is on its way to it' : ready ? 'ready' : (found?.reason ?? 'not ready')
  return (
    <button
      className={cn(segItem({ on: lab.broker === name }), 'cursor-pointer max-[1279px]:px-1.5')}
      type="button"
      data-broker={name}
      aria-pressed={lab.broker === name}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      title={`${brokerNames[name]}: ${word}`}
      onClick={onClick}
    >
      <Status
        tone={isTarget ? 'in-flight' : ready ? 'delivered' : 'idle'}
        glyph={isTarget ? 'restarting' : ready ? 'up' : 'off'}
      />
      {brokerNames[name]}
      <span className="sr-only">: {word}</span>
    </button>
  )
}

interface BodyProps {
  lab: LabBroker
  chosen: BrokerName
  refusal: string | undefined
  put: (body: { broker: BrokerName; abandon?: true }) => Promise<void>
  onClose: () => void
}

function Body({ lab, chosen, refusal, put, onClose }: BodyProps) {
  const deadLetters = useLive(({ topology, nodes }) =>
    topology.nodes.reduce(
      (sum, { id, kind }) => (kind === 'dead_letter_queue' ? sum + (nodes[id]?.depth ?? 0) : sum),
      0,
    ),
  )
  const run = lab.switch
  const running = lab.state !== 'ready'
  const ended = run?.outcome !== undefined && (chosen === run.to || chosen === lab.broker)
  if (running && run && run.outcome === undefined)
    return <Running lab={lab} refusal={refusal} put={put} onClose={onClose} />
  if (running) return <Notice title="Workers are being moved" text={lab.refusal ?? ''} onClose={onClose} />
  const available = lab.available.find((one) => one.name === chosen)
  if (chosen === lab.broker) {
    if (ended && run)
      return (
        <>
          <h2 className="type-13 font-semibold">{headline(run, lab.state)}</h2>
          <SwitchSteps run={run} state={lab.state} />
          <Actions onClose={onClose} />
        </>
      )
    const here = unsettledCount(lab.unsettled.find(({ broker }) => broker === chosen))
    const text = available?.ready
      ? `It answers. ${here === 0 ? 'Nothing is unsettled on it.' : `${here.toLocaleString('en-US')} obligations are unsettled on it.`}`
      : (available?.reason ?? 'It does not answer.')
    return <Notice title={`The lab runs on ${brokerNames[chosen]}`} text={text} onClose={onClose} />
  }
  if (available && !available.ready)
    return (
      <Notice
        title={`${brokerNames[chosen]} is not ready`}
        text={available.reason ?? 'It does not answer.'}
        onClose={onClose}
      />
    )
  return (
    <>
      <h2 className="type-13 font-semibold">Run the lab on {brokerNames[chosen]}?</h2>
      <ul className="grid gap-1.5 text-fg-2">
        {consequences(lab, chosen, deadLetters).map((line) => (
          <li
            className="block pl-3 -indent-3 before:inline-block before:w-3 before:indent-0 before:text-fg-3 before:content-['·']"
            key={line}
          >
            {line}
          </li>
        ))}
      </ul>
      {run?.outcome === 'rolled_back' && run.to === chosen ? (
        <p className="rounded-md bg-retrying-bg px-2.5 py-2 wrap-anywhere text-retrying-fg">
          The last try failed: {run.reason}
        </p>
      ) : null}
      {refusal === undefined ? null : (
        <p className="rounded-md bg-retrying-bg px-2.5 py-2 wrap-anywhere text-retrying-fg">{refusal}</p>
      )}
      <div className="flex justify-end gap-2 pt-0.5">
        <Button onClick={onClose}>Stay on {brokerNames[lab.broker]}</Button>
        <Button variant="primary" onClick={() => void put({ broker: chosen })}>
          Switch to {brokerNames[chosen]}
        </Button>
      </div>
    </>
  )
}

function Running({ lab, refusal, put, onClose }: Omit<BodyProps, 'chosen'>) {
  const run = lab.switch
  if (!run) return null
  const left = unsettledCount(run.left)
  const decidable = lab.state === 'preparing' || lab.state === 'draining' || lab.state === 'stuck'
  return (
    <>
      <h2 className="type-13 font-semibold">{headline(run, lab.state)}</h2>
      <div role="status" aria-live="polite">
        <SwitchSteps run={run} state={lab.state} />
      </div>
      {refusal === undefined ? null : (
        <p className="rounded-md bg-retrying-bg px-2.5 py-2 wrap-anywhere text-retrying-fg">{refusal}</p>
      )}
      {decidable ? (
        <div className="flex justify-end gap-2 pt-0.5">
          <Button onClick={() => void put({ broker: run.from })}>Cancel the switch</Button>
          <Button
            disabled={lab.state === 'preparing' || left === 0}
            onClick={() => void put({ broker: run.to, abandon: true })}
          >
            Leave {left === 0 ? 'the rest' : left.toLocaleString('en-US')} behind
          </Button>
        </div>
      ) : (
        <Actions onClose={onClose} />
      )}
    </>
  )
}

function Notice({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  return (
    <>
      <h2 className="type-13 font-semibold">{title}</h2>
      <p className="text-fg-2">{text}</p>
      <Actions onClose={onClose} />
    </>
  )
}

function Actions({ onClose }: { onClose: () => void }) {
  return (
    <div className="flex justify-end gap-2 pt-0.5">
      <Button onClick={onClose}>Close</Button>
    </div>
  )
}
