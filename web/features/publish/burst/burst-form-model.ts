import type { ZodNumber } from 'zod'
import { type BurstInput, burstInput } from '#contracts/api/burst.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { boundsOf, typedNumber } from '../../form/typed-number.ts'

/** What the burst form holds: texts, as typed. */
export interface BurstDraft {
  stopAfter: 'count' | 'duration'
  count: string
  seconds: string
  rate: string
  /** Empty: one key per message. */
  keys: string
}

export const firstBurstForm: BurstDraft = {
  stopAfter: 'count',
  count: '5,000',
  seconds: '20',
  rate: '250',
  keys: '200',
}

export type BurstFormErrors = Partial<Record<keyof BurstDraft, string>>

const fields = burstInput.shape

/** The body of `POST /api/bursts` without type and data, or what is wrong with each field. */
export function readBurstForm(
  form: BurstDraft,
): { ok: true; input: Omit<BurstInput, 'type' | 'data'> } | { ok: false; errors: BurstFormErrors } {
  const errors: BurstFormErrors = {}
  const read = (field: keyof BurstDraft, what: string, contract: ZodNumber, scale = 1): number => {
    const value = typedNumber(form[field], contract, scale)
    if (value === undefined) errors[field] = `${what} ${boundsOf(contract, scale)}`
    return value ?? 0
  }
  const stop =
    form.stopAfter === 'count'
      ? { count: read('count', 'a whole number', fields.count.unwrap()) }
      : { durationMs: read('seconds', 'seconds', fields.durationMs.unwrap(), 1_000) }
  const ratePerSecond = read('rate', 'a number', fields.ratePerSecond)
  const keys = form.keys.trim() === '' ? {} : { keys: read('keys', 'a whole number', fields.keys.unwrap()) }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  return { ok: true, input: { ...stop, ratePerSecond, ...keys } }
}

export interface Variation {
  field: string
  how: string
  why: string
}

/** How the producer varies the contents, field by field: formats get new values, the key field one of the keys. */
export function variationsOf(type: EventTypeDefinition, data: Record<string, unknown>, keys: boolean): Variation[] {
  const properties = (type.schema.properties ?? {}) as Record<string, { format?: string } | undefined>
  return Object.entries(data).flatMap(([field, value]) => {
    const format = properties[field]?.format
    const isKey = field === type.keyField && keys
    if (isKey) return [{ field, how: 'one per key', why: 'the key field' }]
    if (format === 'uuid') return [{ field, how: 'new uuid each', why: 'from format' }]
    if (format === 'email') return [{ field, how: 'new address each', why: 'from format' }]
    if (typeof value === 'object' && value !== null && !(value instanceof ExactJson))
      return [
        {
          field,
          how: 'as in the template',
          why: Array.isArray(value) ? `${value.length} ${value.length === 1 ? 'entry' : 'entries'}` : 'object',
        },
      ]
    return [{ field, how: 'as in the template', why: String(value) }]
  })
}
