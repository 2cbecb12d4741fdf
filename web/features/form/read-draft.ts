import type { ZodType } from 'zod'
import { jsonPointer } from '#contracts/json-pointer.ts'

/** What is wrong, by JSON pointer into the body of the request: `/delaySeconds`. */
export type FieldErrors = Readonly<Record<string, string>>

/** A draft as the body that would be sent. */
export interface DraftBody {
  body: object
  /** What no contract can say, since the typed text is not a value at all; goes before what the contract says of the same place. */
  errors?: FieldErrors
}

/** Reads the body of a draft by the contract of its request: `input` is there if nothing is wrong. */
export function readDraft<Input>(
  contract: ZodType<Input>,
  { body, errors: typed = {} }: DraftBody,
): { input?: Input; errors: FieldErrors } {
  const parsed = contract.safeParse(body)
  const errors: Record<string, string> = { ...typed }
  for (const { path, message } of parsed.error?.issues ?? []) errors[jsonPointer(path)] ??= message
  return parsed.success && Object.keys(errors).length === 0 ? { input: parsed.data, errors } : { errors }
}

/** What is wrong at a field, or first within its value; undefined if nothing is. */
export function errorWithin(errors: FieldErrors, pointer: string): string | undefined {
  if (errors[pointer] !== undefined) return errors[pointer]
  const inner = Object.keys(errors).find((at) => at.startsWith(`${pointer}/`))
  return inner === undefined ? undefined : `${inner.slice(pointer.length + 1)}: ${errors[inner]}`
}
