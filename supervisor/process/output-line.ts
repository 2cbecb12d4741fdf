import { z } from 'zod'

const readyLine = z.object({
  ready: z.literal(true),
  port: z.int().optional(),
  url: z.string().optional(),
  postmaster: z.int().optional(),
})
export type ReadyLine = z.infer<typeof readyLine>

/** What a line on a child's standard output is. */
export type OutputLine =
  | { kind: 'ready'; ready: ReadyLine }
  /** For a person, as the program wrote it. */
  | { kind: 'text'; text: string }
  /** A structured log line worth a person's eye: a warning or worse. */
  | { kind: 'trouble'; text: string }
  /** For the log file only. */
  | { kind: 'log' }

const pinoLine = z.looseObject({
  level: z.number(),
  msg: z.string().optional(),
  err: z.looseObject({ message: z.string() }).optional(),
})
const pinoWarn = 40

export function readOutputLine(line: string): OutputLine {
  if (!line.startsWith('{')) return { kind: 'text', text: line }
  // Thousands of lines a second pass here; only those that can matter are parsed.
  const mayMatter = line.includes('"ready":true') || /"level":[4-6]0/.test(line)
  if (!mayMatter) return { kind: 'log' }
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { kind: 'text', text: line }
  }
  const ready = readyLine.safeParse(value)
  if (ready.success) return { kind: 'ready', ready: ready.data }
  const entry = pinoLine.safeParse(value)
  if (!entry.success || entry.data.level < pinoWarn) return { kind: 'log' }
  const text = [entry.data.msg, entry.data.err?.message].filter((part) => part !== undefined && part !== '')
  return { kind: 'trouble', text: [...new Set(text)].join(': ') }
}

/** What Node prints around the message of an error that ends it, and says nothing by itself. */
export const isStackFrame = (line: string): boolean =>
  /^\s*(at .*|Node\.js v.*|[\^~]*|[{}]|code: .*|\w+:\d+)$/.test(line)

/** Whether a line of another program's log is worth repeating where that program ended. */
export const saysTrouble = (line: string): boolean =>
  /\b(ERROR|FATAL|error|fatal|failed|denied|cannot|could not|\w+(Exception|Error)\b)/i.test(line) && !isStackFrame(line)
