'use client'
import { useMemo } from 'react'
import { plainOf } from '#contracts/events/exact-numbers.ts'
import { type FaultTarget, faultTarget } from '#contracts/faults/fault.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import { useLive } from '#web/live/live-store.ts'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { fieldClass, labelClass } from '#web/ui/recipes/input-box.ts'
import { Seg } from '#web/ui/seg.tsx'
import { useEventTypes } from '../../event-types/event-types-store.ts'
import { FieldError } from '../../form/controls.tsx'
import { numberOf } from '../../form/number-text.ts'
import { ValueControl } from '../../form/value-control.tsx'
import { valueAt } from '../../schema/data-path.ts'
import type { SchemaField } from '../../schema/schema-fields.ts'
import { schemaFields } from '../../schema/schema-fields.ts'
import { rate } from '../../words/figures.ts'
import { topicOf } from '../use-fault-map.ts'
import type { FaultDraft } from './fault-draft.ts'
import type { OfferedFault } from './fault-offers.ts'

interface InjectFieldsProps {
  chosen: OfferedFault
  draft: FaultDraft
  /** Params that are not asked for. */
  settled: Record<string, unknown>
  /** By field: `/latencyMs` of the params, `#percent` of the form. */
  errors: ReadonlyMap<string, string>
  onChange: (patch: Partial<FaultDraft>) => void
}

/** Target, params from the catalogue's own schema, share, times and seed of a fault. */
export function InjectFields({ chosen, draft, settled, errors, onChange }: InjectFieldsProps) {
  const { item, offers } = chosen
  const fields = useMemo(() => schemaFields(item.params), [item])
  const asked = fields.filter(({ label }) => settled[label] === undefined)
  const target = offers[draft.offer]?.target ?? {}
  return (
    <>
      <TargetFields chosen={chosen} target={target} draft={draft} errors={errors} onChange={onChange} />
      {asked.length === 0 ? null : (
        <div className={cn(!(asked.length === 1) && 'grid grid-cols-[1fr_1fr] items-start gap-x-3 gap-y-2')}>
          {asked.map((field) => (
            <ParamField key={field.label} field={field} draft={draft} errors={errors} onChange={onChange} />
          ))}
        </div>
      )}
      {item.directions === undefined ? null : (
        <div className={fieldClass}>
          <span className={labelClass}>
            Direction <em>of bytes</em>
          </span>
          <Seg
            full
            label="Direction"
            value={draft.direction ?? ''}
            options={item.directions.map((value) => ({ value, label: directionWords[value] }))}
            onChange={(direction) => onChange({ direction })}
          />
          <FieldError id="inject-direction-error" error={errors.get('#direction')} />
        </div>
      )}
      {item.percentOf === undefined ? null : (
        <ShareField of={item.percentOf} percent={draft.percent} error={errors.get('#percent')} onChange={onChange} />
      )}
      <div
        className={
          item.lasts === undefined
            ? 'grid grid-cols-[1fr_1fr_1fr] items-start gap-x-3 gap-y-2'
            : 'grid grid-cols-[1fr_1fr] items-start gap-x-3 gap-y-2'
        }
      >
        <NumberField
          id="startsIn"
          label="Starts in"
          unit="s"
          value={draft.startsInS}
          error={errors.get('#startsIn')}
          onChange={(startsInS) => onChange({ startsInS })}
        />
        {item.lasts === undefined ? (
          <NumberField
            id="lasts"
            label="Lasts"
            unit="s"
            placeholder="until healed"
            value={draft.lastsS}
            error={errors.get('#lasts')}
            onChange={(lastsS) => onChange({ lastsS })}
          />
        ) : null}
        <NumberField
          id="seed"
          label="Seed"
          placeholder="drawn"
          value={draft.seed}
          error={errors.get('#seed')}
          onChange={(seed) => onChange({ seed })}
        />
      </div>
      <Outlook chosen={chosen} target={target} draft={draft} />
    </>
  )
}

const directionWords: Record<string, string> = { both: 'both', up: 'sent', down: 'received' }

interface TargetFieldsProps extends Pick<InjectFieldsProps, 'chosen' | 'draft' | 'errors' | 'onChange'> {
  target: FaultTarget
}

function TargetFields({ chosen: { item, offers }, target, draft, errors, onChange }: TargetFieldsProps) {
  const types = useEventTypes().items
  const { service } = target
  const narrows = item.targets.includes('eventType') && service !== undefined
  const taken = types.filter(({ consumers }) => service === undefined || consumers.includes(service))
  const isProducer = useLive((live) => live.topology.nodes.some(({ id }) => id === `producer:${service}`))
  const choices = isProducer ? types : taken
  const targetError = errors.get('#target')
  const replicas = offers.filter((offer) => offer.target.instance !== undefined).length
  const typeError = errors.get('#eventType')
  if (offers.length < 2 && !narrows) return <FieldError id="inject-target-error" error={targetError} />
  return (
    <div className={cn(offers.length > 1 && narrows && 'grid grid-cols-[1fr_1fr] items-start gap-x-3 gap-y-2')}>
      {offers.length < 2 ? null : (
        <Field label="Target" htmlFor="inject-target">
          <Select
            id="inject-target"
            value={draft.offer}
            aria-invalid={targetError !== undefined || undefined}
            aria-describedby={targetError === undefined ? undefined : 'inject-target-error'}
            onChange={(event) => onChange({ offer: Number(event.target.value) })}
          >
            {offers.map((offer, index) => (
              <option key={JSON.stringify(faultTarget.parse(offer.target))} value={index}>
                {offer.target.service !== undefined && offer.target.instance === undefined && replicas > 0
                  ? wholeService(replicas)
                  : offer.label.replace('->', ' → ')}
              </option>
            ))}
          </Select>
          <FieldError id="inject-target-error" error={targetError} />
        </Field>
      )}
      {narrows ? (
        <Field label="Event type" htmlFor="inject-type">
          <Select
            id="inject-type"
            value={draft.eventType}
            aria-invalid={typeError !== undefined || undefined}
            aria-describedby={typeError === undefined ? undefined : 'inject-type-error'}
            onChange={(event) => onChange({ eventType: event.target.value })}
          >
            <option value="">all</option>
            {choices.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
          <FieldError id="inject-type-error" error={typeError} />
        </Field>
      ) : null}
    </div>
  )
}

const wholeService = (replicas: number): string => (replicas === 1 ? 'its replica' : `all ${replicas} replicas`)

function ParamField({
  field,
  draft,
  errors,
  onChange,
}: { field: SchemaField } & Pick<InjectFieldsProps, 'draft' | 'errors' | 'onChange'>) {
  const pointer = jsonPointer(field.path)
  const id = `inject-param${pointer}`
  const error = errors.get(pointer)
  const name = field.title ?? field.label
  return (
    <div className={fieldClass}>
      <label className={labelClass} htmlFor={id}>
        {name}
      </label>
      <ValueControl
        field={field}
        id={id}
        label={name}
        value={valueAt(draft.params, field.path)}
        error={error}
        onChange={(value) => onChange({ params: { ...draft.params, [field.label]: value } })}
      />
      <FieldError id={`${id}-error`} error={error} />
      {field.description === undefined ? null : <p className="type-11 text-fg-3">{field.description}</p>}
    </div>
  )
}

interface ShareFieldProps {
  of: string
  percent: number
  error: string | undefined
  onChange: (patch: Partial<FaultDraft>) => void
}

function ShareField({ of, percent, error, onChange }: ShareFieldProps) {
  return (
    <div className={fieldClass}>
      <label className={labelClass} htmlFor="inject-share">
        Share <em>of {of}</em> <span className="flex-1" />
        <b className="font-medium text-fg">{percent} %</b>
      </label>
      <input
        id="inject-share"
        className={rangeClass}
        type="range"
        min={0}
        max={100}
        value={percent}
        style={{ '--share': `${percent}%` } as React.CSSProperties}
        aria-label={`Share of ${of}, percent`}
        aria-invalid={error !== undefined || undefined}
        onChange={(event) => onChange({ percent: Number(event.target.value) })}
      />
      <FieldError id="inject-share-error" error={error} />
    </div>
  )
}

/** A slider whose track is filled up to its share. Each browser names the thumb in its own way. */
const rangeClass = cn(
  'mx-0 my-1.5 h-4 w-full appearance-none rounded-[2px] bg-transparent bg-[length:100%_4px] bg-center bg-no-repeat',
  'bg-[linear-gradient(90deg,var(--accent)_var(--share),var(--border)_var(--share))]',
  '[&::-webkit-slider-thumb]:size-3.5 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full',
  '[&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-accent [&::-webkit-slider-thumb]:bg-raised',
  '[&::-moz-range-thumb]:size-2.5 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2',
  '[&::-moz-range-thumb]:border-accent [&::-moz-range-thumb]:bg-raised',
)

interface NumberFieldProps {
  id: string
  label: string
  unit?: string
  placeholder?: string
  value: unknown
  error: string | undefined
  onChange: (value: unknown) => void
}

function NumberField({ id, label, unit, placeholder, value, error, onChange }: NumberFieldProps) {
  return (
    <div className={fieldClass}>
      <label className={labelClass} htmlFor={`inject-${id}`}>
        {label}
      </label>
      <TextInput
        id={`inject-${id}`}
        inputMode="decimal"
        autoComplete="off"
        defaultValue={value === undefined ? '' : String(value)}
        placeholder={placeholder}
        invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `inject-${id}-error`}
        after={unit === undefined ? undefined : <span className="ml-auto type-11 text-fg-3">{unit}</span>}
        onChange={(event) => onChange(plainOf(numberOf(event.target.value)))}
      />
      <FieldError id={`inject-${id}-error`} error={error} />
    </div>
  )
}

/** What to expect at the rate of now, in a sentence. */
function Outlook({
  chosen: { item },
  target,
  draft,
}: {
  chosen: OfferedFault
  target: FaultTarget
  draft: FaultDraft
}) {
  const type = draft.eventType || target.eventType
  const perSecond = useLive((live) => {
    if (item.percentOf !== 'messages') return 0
    if (type !== undefined) return live.nodes[`topic:${topicOf(type)}`]?.ratePerSecond ?? 0
    const ids = [`consumer:${target.service}`, `producer:${target.service}`]
    return ids.reduce((sum, id) => sum + (live.nodes[id]?.ratePerSecond ?? 0), 0)
  })
  const share =
    perSecond > 0
      ? `About ${rate((perSecond * draft.percent) / 100)} of ${rate(perSecond)} ${type ?? 'messages'} a second. `
      : ''
  return (
    <p className="text-fg-3">
      You will see: {item.sees}. {share}
      {item.percentOf === undefined ? '' : 'The same seed picks the same victims.'}
    </p>
  )
}
