import type { Reply } from '../protocol/reply.ts'
import type { Caller } from '../semantics/caller.ts'

/** A request that may be for what AWS does not have. */
export interface OwnRequest {
  method: string
  url: string
  body: Buffer
  caller: Caller
}

/** Entries that one answer lists at most. */
export const maximumPeek = 1_000

export const json = (status: number, value: unknown): Reply => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
})

/** A parameter of the query; the refusal if it is not a whole number from `least` to `most`. */
export function wholeNumberField(
  parameters: URLSearchParams,
  name: string,
  preset: number,
  least: number,
  most: number,
): number | Reply {
  const value = Number(parameters.get(name) ?? preset)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  return json(400, { error: `${name} must be a whole number from ${least} to ${most}` })
}

/** The fields of a JSON body; none if it is not an object. */
export function readObject(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString())) as Record<string, unknown>
  } catch {
    return {}
  }
}
