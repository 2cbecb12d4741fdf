import { AwsError } from './aws-error.ts'

/** The input of an action, whatever protocol it came in. Numbers may be texts, as the Query protocol has them. */
export type Input = Record<string, unknown>

const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`)

const wrong = (name: string, reason: string, value?: unknown): AwsError => {
  const shown =
    typeof value === 'string' || typeof value === 'number' ? `Value ${String(value).slice(0, 100)}` : 'Value'
  return new AwsError('InvalidParameterValue', `${shown} for parameter ${name} is invalid. Reason: ${reason}`)
}

/** What is not of the shape that the action's model gives it, as the JSON protocol refuses it. */
const misshapen = (name: string, wanted: string): AwsError =>
  new AwsError('SerializationException', `${name} must be ${wanted}.`)

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw misshapen(name, 'a string')
  return value
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name)
  if (value === undefined) throw missing(name)
  return value
}

/** Words that AWS has for a parameter of its own; all others share theirs. */
const ranges: Record<string, (least: number, most: number) => string> = {
  DelaySeconds: (least, most) => `DelaySeconds must be >= ${least} and <= ${most}.`,
  WaitTimeSeconds: (least, most) => `Must be >= ${least} and <= ${most}, if provided.`,
}

/** A whole number between two others; undefined if it is not given. */
export function optionalInteger(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most) {
    throw wrong(name, ranges[name]?.(least, most) ?? `Must be between ${least} and ${most}, if provided.`, value)
  }
  return number
}

export function integer(input: Input, name: string, least: number, most: number): number {
  const value = optionalInteger(input, name, least, most)
  if (value === undefined) throw missing(name)
  return value
}

/** A list of texts; empty if it is not given. */
export function texts(input: Input, name: string): string[] {
  const value = input[name] ?? []
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw misshapen(name, 'a list of strings')
  return value
}

/** A list of objects, as batches have; empty if it is not given. */
export function records(input: Input, name: string): Input[] {
  const value = input[name] ?? []
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'object' || one === null)) {
    throw misshapen(name, 'a list of structures')
  }
  return value
}

/** A map of texts; empty if it is not given. */
export function textMap(input: Input, name: string): Record<string, string> {
  const value = input[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw misshapen(name, 'a map of strings')
  for (const one of Object.values(value as object))
    if (typeof one !== 'string') throw misshapen(name, 'a map of strings')
  return value as Record<string, string>
}
