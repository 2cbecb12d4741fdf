'use client'

import { useEffect, useState } from 'react'
import { writeJson } from '#contracts/events/exact-json.ts'
import { randomSource } from '#contracts/schemas/sample.ts'
import { buttonClass } from '#web/ui/button.tsx'
import { Select } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { cn } from '#web/ui/recipes/cn.ts'
import { inputBox } from '#web/ui/recipes/input-box.ts'
import { Seg } from '#web/ui/seg.tsx'
import type { SchemaField } from '../schema/schema-fields.ts'
import { numberOf } from './number-text.ts'

interface ValueControlProps {
  field: SchemaField
  id: string
  label: string
  value: unknown
  onChange: (value: unknown) => void
  error: string | undefined
}

/** The control of one value that is not made of others. */
export function ValueControl({ field, id, label, value, onChange, error }: ValueControlProps) {
  const wiring = {
    id,
    'aria-label': label,
    ...(field.required ? { 'aria-required': true } : {}),
    ...(error === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-error` }),
  }
  const frame = inputBox({ mono: true, invalid: error !== undefined })
  switch (field.kind) {
    case 'number':
      return (
        <span className={frame}>
          <NumberInput wiring={wiring} value={value} onChange={onChange} />
          {field.unit === undefined ? null : <span className="ml-auto type-11 text-fg-3">{field.unit}</span>}
        </span>
      )
    case 'boolean':
      return <BooleanControl id={id} label={label} required={field.required} value={value} onChange={onChange} />
    case 'choice':
      return (
        <Select
          {...wiring}
          mono
          invalid={error !== undefined}
          value={indexOf(field.options, value)}
          onChange={(event) => onChange(field.options[Number(event.target.value)])}
        >
          {field.required && value !== undefined ? null : <option value="-1">not set</option>}
          {field.options.map((option, index) => (
            <option key={JSON.stringify(option)} value={index}>
              {String(option)}
            </option>
          ))}
        </Select>
      )
    case 'constant':
      return (
        <span className={frame}>
          <input {...wiring} readOnly value={value === undefined ? '' : String(value)} />
          {value === undefined ? (
            <button type="button" className={buttonClass('ghost', true)} onClick={() => onChange(field.value)}>
              Set {String(field.value)}
            </button>
          ) : null}
        </span>
      )
    default:
      return <TextControl field={field} wiring={wiring} frame={frame} value={value} onChange={onChange} />
  }
}

interface TextControlProps {
  field: SchemaField
  wiring: { id: string }
  frame: string
  value: unknown
  onChange: (value: unknown) => void
}

function TextControl({ field, wiring, frame, value, onChange }: TextControlProps) {
  const format = field.kind === 'text' ? field.format : undefined
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : writeJson(value)
  // An emptied optional field is left out; an emptied required one stays, so that its schema speaks.
  const change = (next: string): void => onChange(next === '' && !field.required ? undefined : next)
  if (field.kind === 'text' && field.long) {
    return (
      <span className={cn(frame, inputBox({ area: true }))}>
        <textarea {...wiring} value={text} onChange={(event) => change(event.target.value)} />
      </span>
    )
  }
  return (
    <span className={frame}>
      <input
        {...wiring}
        value={text}
        placeholder={value === null ? 'null' : placeholders[format ?? '']}
        inputMode={format === 'email' ? 'email' : undefined}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
      {field.nullable && value !== null ? (
        <button type="button" className={buttonClass('ghost', true)} onClick={() => onChange(null)}>
          null
        </button>
      ) : null}
      {format === 'uuid' || format === 'date-time' ? (
        <button
          type="button"
          className={cn(buttonClass('ghost', true, true), 'my-0 -mr-1.5 ml-auto')}
          aria-label={format === 'uuid' ? `Make a new ${field.label}` : `Set ${field.label} to now`}
          title={format === 'uuid' ? 'Make a new one' : 'Now'}
          onClick={() => onChange(format === 'uuid' ? randomSource.uuid() : randomSource.now().toISOString())}
        >
          <Icon name="retry" size={12} />
        </button>
      ) : null}
    </span>
  )
}

const placeholders: Record<string, string> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  uri: 'https://…',
}

interface NumberInputProps {
  wiring: { id: string }
  value: unknown
  onChange: (value: unknown) => void
}

/** Keeps what is being typed (`1.`, `-`, `1e`) while the data holds the number, or the text itself if it is not one. */
function NumberInput({ wiring, value, onChange }: NumberInputProps) {
  const shown = value === undefined || value === null ? '' : String(value)
  const [text, setText] = useState(shown)
  useEffect(() => {
    setText((typed) => (isSame(numberOf(typed), value) ? typed : shown))
  }, [value, shown])
  return (
    <input
      {...wiring}
      value={text}
      inputMode="decimal"
      autoComplete="off"
      onChange={(event) => {
        setText(event.target.value)
        onChange(numberOf(event.target.value))
      }}
    />
  )
}

/** An exact number is the same if it is written so. */
const isSame = (typed: unknown, value: unknown): boolean => JSON.stringify(typed) === JSON.stringify(value)

interface BooleanControlProps {
  id: string
  label: string
  required: boolean
  value: unknown
  onChange: (value: unknown) => void
}

function BooleanControl({ id, label, required, value, onChange }: BooleanControlProps) {
  const options = [
    { value: 'true', label: 'true' },
    { value: 'false', label: 'false' },
  ]
  return (
    <div id={id} tabIndex={-1}>
      <Seg
        full
        label={label}
        value={typeof value === 'boolean' ? String(value) : 'unset'}
        options={required ? options : [...options, { value: 'unset', label: 'not set' }]}
        onChange={(next) => onChange(next === 'unset' ? undefined : next === 'true')}
      />
    </div>
  )
}

const indexOf = (options: unknown[], value: unknown): string =>
  String(options.findIndex((option) => JSON.stringify(option) === JSON.stringify(value)))
