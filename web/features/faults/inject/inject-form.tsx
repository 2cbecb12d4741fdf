'use client'
import { type FormEvent, type ReactNode, useEffect, useMemo, useState } from 'react'
import { nodeId } from '#contracts/api/topology.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Fault, fault } from '#contracts/faults/fault.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { setParams, useParam } from '#web/live/url-state.ts'
import { Button } from '#web/ui/button.tsx'
import { CopyButton } from '#web/ui/copy-button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { Empty, Section } from '#web/ui/panel.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { noteClass } from '#web/ui/recipes/note.ts'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { Seg } from '#web/ui/seg.tsx'
import { curlTo } from '../../curl/curl.ts'
import { useEventTypes } from '../../event-types/event-types-store.ts'
import { useSending } from '../../form/use-sending.ts'
import { faultName } from '../fault-words.ts'
import { topicOf } from '../use-fault-map.ts'
import { useCatalogue } from './fault-catalogue.ts'
import { type FaultDraft, faultDraftOf, formFieldOf, inputOf, settledParams } from './fault-draft.ts'
import { type FaultSpot, type OfferedFault, offersAt } from './fault-offers.ts'
import { InjectFields } from './inject-fields.tsx'

/** Injects what this place can have. Category and fault that are chosen are in the address. */
export function InjectForm({ spot, earlier }: { spot: FaultSpot; earlier: ReactNode }) {
  const { state, items, problem } = useCatalogue()
  const topology = useLive((live) => live.topology)
  const types = useEventTypes().items
  // biome-ignore lint/correctness/useExhaustiveDependencies: topicOf reads the event types
  const scopes = useMemo(() => offersAt(spot, items, topology, topicOf), [spot, items, topology, types])
  const askedScope = useParam('scope')
  const askedFault = useParam('inject')
  const scope = scopes.find((one) => one.scope === askedScope) ?? scopes[0]
  const chosen = scope?.faults.find(({ item }) => item.type === askedFault) ?? scope?.faults[0]
  if (scope === undefined || chosen === undefined) {
    if (state === 'loading') return <Empty icon="bolt" title="Reading what can be injected…" />
    return (
      <>
        <Empty
          icon={state === 'failed' ? 'alert' : 'bolt'}
          title={state === 'failed' ? 'The catalogue could not be read' : 'No faults apply to this target'}
        >
          {problem?.detail ??
            'It connects two parts of the broker. Faults apply to workers, their links, event types and the broker.'}
        </Empty>
        {earlier}
      </>
    )
  }
  return (
    <Injecting key={`${scope.scope} ${chosen.item.type}`} chosen={chosen} earlier={earlier}>
      {scopes.length < 2 ? null : (
        <Seg
          full
          label="Fault category"
          value={scope.scope}
          options={scopes.map((one) => ({ value: one.scope, label: one.label }))}
          onChange={(value) => setParams({ scope: value, inject: undefined }, { replace: true })}
        />
      )}
      <fieldset className="m-0 grid min-w-0 overflow-hidden rounded-md border border-border p-0">
        <legend className="sr-only">Fault</legend>
        {scope.faults.map(({ item }) => (
          <label
            key={item.type}
            className={cn(
              'relative grid h-7 cursor-pointer grid-cols-[16px_auto_1fr] items-center gap-2 border-t border-line px-2.5 hover:bg-hover [&:has(:focus-visible)]:outline-2 [&:has(:focus-visible)]:-outline-offset-2 [&:has(:focus-visible)]:outline-accent [&>:last-child]:text-right [&>:last-child]:type-11 [&>:last-child]:text-fg-3 [legend+&]:border-t-0',
              item === chosen.item && 'bg-accent-bg',
            )}
          >
            <input
              type="radio"
              className="sr-only"
              name="fault"
              checked={item === chosen.item}
              onChange={() => setParams({ inject: item.type, scope: scope.scope }, { replace: true })}
            />
            <span
              className={cn(
                'size-3.5 rounded-full border border-border-strong bg-raised',
                item === chosen.item && 'border-4 border-primary bg-[#fff]',
              )}
              aria-hidden="true"
            />
            <code className={cn(item === chosen.item && 'font-medium text-fg')}>{item.type}</code>
            <span className="min-w-0 truncate" title={item.sees}>
              {item.sees}
            </span>
          </label>
        ))}
      </fieldset>
      <SharedNote spot={spot} />
    </Injecting>
  )
}

/** Why faults of the process and of its links are not offered where a service shares them. */
function SharedNote({ spot }: { spot: FaultSpot }) {
  const name = 'node' in spot && spot.node.kind === 'consumer' ? spot.node.name : undefined
  const isShared = useLive((live) => live.services.some((one) => one.name === name && one.sharedBy !== undefined))
  if (!isShared) return null
  return (
    <p className={noteClass}>
      {name} shares its process and links with other simulated services, so faults of the process and of links cannot
      hit it alone. <code>processes: own</code> in the lab file gives it its own.
    </p>
  )
}

function Injecting({ chosen, earlier, children }: { chosen: OfferedFault; earlier: ReactNode; children: ReactNode }) {
  const { item, offers } = chosen
  const [draft, setDraft] = useState<FaultDraft>(() => faultDraftOf(item))
  const [injected, setInjected] = useState<Fault>()
  const { sending, problem, send, forget } = useSending()
  const kinds = useLive((live) => live.topology.nodes)
  const offer = offers[draft.offer] ?? offers[0]
  const target = offer?.target ?? {}
  const settled = useMemo(
    () =>
      settledParams(
        item,
        target,
        (service) =>
          kinds.find(({ id }) => id === nodeId('producer', service) || id === nodeId('consumer', service))?.kind,
      ),
    [item, target, kinds],
  )
  const bodyAt = (now: number) => inputOf(item, target, draft, settled, now)
  const errors = useMemo(() => errorsOf(problem), [problem])
  useEffect(() => focusFirst(errors.fields), [errors])

  const inject = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setInjected(undefined)
    const done = await send(() => api.post('/api/faults', bodyAt(useLive.getState().at)))
    if (done !== undefined) setInjected(fault.parse(done.value))
  }
  const edit = (patch: Partial<FaultDraft>): void => {
    forget()
    setInjected(undefined)
    setDraft({ ...draft, ...patch })
  }
  return (
    <form id={formId} className="flex flex-1 flex-col" noValidate onSubmit={(event) => void inject(event)}>
      <Section title="Inject" aside={item.title} className="flex-1 content-start">
        {children}
        <InjectFields chosen={chosen} draft={draft} settled={settled} errors={errors.fields} onChange={edit} />
        {errors.rest === undefined ? null : (
          <p className={noteClass} role="alert">
            <Icon name="alert" />
            <span>{errors.rest}</span>
          </p>
        )}
        <p className="sr-only" role="status">
          {injected === undefined ? '' : `${faultName(injected)} is ${injected.state}`}
        </p>
        {injected?.state === 'failed' ? (
          <p className={noteClass} role="alert">
            <Icon name="alert" />
            <span>
              <b>It could not be injected.</b> {injected.reason}
            </span>
          </p>
        ) : null}
      </Section>
      {earlier}
      <div className={cn(panelFoot, 'sticky bottom-0 z-1')} data-over-body="">
        <Button type="submit" variant="primary" disabled={sending}>
          <Icon name="bolt" />
          {sending ? 'Injecting…' : 'Inject'}
        </Button>
        <CopyButton
          label="Copy as cURL"
          text={() => curlTo('/api/faults', bodyAt(useLive.getState().at), window.location.origin)}
        />
      </div>
    </form>
  )
}

const formId = 'inject-form'

interface FormErrors {
  /** By field of the form. */
  fields: ReadonlyMap<string, string>
  /** What belongs to none. */
  rest: string | undefined
}

function errorsOf(problem: Problem | undefined): FormErrors {
  const fields = new Map<string, string>()
  const rest: string[] = []
  for (const { path, message } of problem?.errors ?? []) {
    const field = formFieldOf(path)
    if (field === undefined) rest.push(`${path} ${message}`)
    else if (!fields.has(field)) fields.set(field, message)
  }
  if (problem !== undefined && fields.size === 0 && rest.length === 0) rest.push(problem.detail)
  return { fields, rest: rest.length === 0 ? undefined : rest.join('; ') }
}

function focusFirst(fields: ReadonlyMap<string, string>): void {
  if (fields.size === 0) return
  document.querySelector<HTMLElement>(`#${formId} [aria-invalid="true"]`)?.focus()
}
