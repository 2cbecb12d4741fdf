import type { ZodNumber } from 'zod'
import { type BurstInput, burstInput } from '#contracts/api/burst.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { ExactJson } from '#contracts/events/exact-json.ts'
import { jsonPointer } from '#contracts/json-pointer.ts'
import type { DraftBody } from '../../form/read-draft.ts'
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

export const firstBurst: BurstDraft = {
  stopAfter: 'count',
  count: '5,000',
  seconds: '20',
  rate: '250',
  keys: '200',
}

const fields = burstInput.shape

/** The field of the body that each text of the form becomes. */
export const burstFields = { count: 'count', seconds: 'durationMs', rate: 'ratePerSecond', keys: 'keys' } as const

/** The body of `POST /api/bursts` for a type and its contents, with what is wrong with each text. A text that is not a number stays one. */
export function burstBodyOf(draft: BurstDraft, about: Pick<BurstInput, 'type' | 'data'>): DraftBody {
  const errors: Record<string, string> = {}
  const read = (field: keyof typeof burstFields, what: string, contract: ZodNumber, scale = 1) => {
    const value = typedNumber(draft[field], contract, scale)
    const name = burstFields[field]
    if (value === undefined) errors[jsonPointer([name])] = `${what} ${boundsOf(contract, scale)}`
    return { [name]: value ?? draft[field] }
  }
  const body = {
    ...about,
    ...(draft.stopAfter === 'count'
      ? read('count', 'a whole number', fields.count.unwrap())
      : read('seconds', 'seconds', fields.durationMs.unwrap(), 1_000)),
    ...read('rate', 'a number', fields.ratePerSecond),
    ...(draft.keys.trim() === '' ? {} : read('keys', 'a whole number', fields.keys.unwrap())),
  }
  return { body, errors }
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
