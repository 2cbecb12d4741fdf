import { z } from 'zod'
import type { LogRecord } from '#contracts/protocols/telemetry.ts'

/** A log line of a worker: what is kept of it, without what the sidecar knows better. */
export type LogEntry = Omit<LogRecord, 'kind' | 'service' | 'instance'>

const pinoLine = z.looseObject({
  level: z.number(),
  time: z.number().positive(),
  msg: z.string().optional(),
  messageId: z.string().optional(),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
})

const messageMax = 8_000
const fieldsMax = 16_000

/** Reads a line of standard output: pino's JSON, or any other text as it is, at level `info`. */
export function readLogLine(line: string, now: () => number): LogEntry {
  const parsed = line.startsWith('{') ? pinoLine.safeParse(parseJson(line)) : undefined
  if (!parsed?.success) return { at: now(), level: 'info', message: clip(line, messageMax) }
  const { level, time, msg = '', messageId, traceId, spanId, ...fields } = parsed.data
  const has = Object.keys(fields).length > 0 && JSON.stringify(fields).length <= fieldsMax
  return {
    at: time,
    level: level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug',
    message: clip(msg, messageMax),
    ...(messageId === undefined ? {} : { messageId }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
    ...(has ? { fields } : {}),
  }
}

const errorFields = z.looseObject({ err: z.looseObject({ type: z.string(), message: z.string() }) })

/** The line as a person reads it: `12:03:04.123 consumer-email-1 info  user_signup …`. */
export function readable(instance: string, { at, level, message, fields }: LogEntry): string {
  const error = errorFields.safeParse(fields)
  const cause = error.success ? ` (${error.data.err.type}: ${error.data.err.message})` : ''
  return `${timeOfDay(at)} ${instance} ${level.padEnd(5)} ${message}${cause}`
}

function timeOfDay(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON after all: then it is text.
    return undefined
  }
}

const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
