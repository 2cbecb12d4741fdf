import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { type JsonPlace, parsePlacedJson, textPositionOf } from '../../json/json-positions.ts'
import { printJson } from '../../json/print-json.ts'
import type { Validator } from '../../schema/validator.ts'
import { type PayloadChange, payloadChanges } from './payload-changes.ts'

/** What is wrong with an edited payload, and where in its text. */
export interface PayloadProblem {
  path: string
  message: string
  place?: JsonPlace
}

export interface PayloadDraft {
  /** What differs from the original; empty: it goes back as it is. */
  changes: PayloadChange[]
  /** The data to send in place of the original's; absent if nothing differs or it cannot be read. */
  payload?: unknown
  problems: PayloadProblem[]
}

/** The text to begin with: the data laid out, or the body if it is not JSON. */
export const firstText = ({ payload, raw }: DeadLetterItem): string =>
  payload === undefined ? raw : printJson(payload)

/**
 * Reads an edited payload against the schema of its type. An original that breaks the schema may go back as it is, so that it is
 * checked against it only once it was changed. `refused`: what the server said of it.
 */
export function readPayload(
  letter: DeadLetterItem,
  text: string,
  validator: Validator | undefined,
  refused: Problem | undefined,
): PayloadDraft {
  if (text === firstText(letter)) return { changes: [], problems: [] }
  const read = parsePlacedJson(text)
  if (!read.ok) {
    const place = { from: read.from, to: read.from + 1, line: read.line }
    return { changes: [{ path: '' }], problems: [{ path: '', message: read.message, place }] }
  }
  const changes = payloadChanges(letter.payload, read.value)
  if (changes.length === 0) return { changes, problems: [] }
  const own = validator?.ok ? validator.check(read.value) : []
  const theirs = own.length > 0 ? [] : payloadErrors(refused)
  const problems = [...own, ...theirs].map((problem): PayloadProblem => {
    const place = textPositionOf(read.places, problem.path)
    return place === undefined ? problem : { ...problem, place }
  })
  return { changes, payload: read.value, problems }
}

/** Errors of a problem document that are about the payload, as pointers into it. */
export const payloadErrors = (problem: Problem | undefined): { path: string; message: string }[] =>
  (problem?.errors ?? []).flatMap(({ path, message }) =>
    path === '/payload' || path.startsWith('/payload/') ? [{ path: path.slice('/payload'.length), message }] : [],
  )
