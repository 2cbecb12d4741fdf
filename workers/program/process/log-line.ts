export interface ProgramLine {
  level: 'debug' | 'info' | 'warn' | 'error'
  message: string
  messageId?: string
  /** 32 hexadecimal digits. */
  traceId?: string
  /** 16 hexadecimal digits. */
  spanId?: string
  /** What else a JSON line says. */
  fields?: Record<string, unknown>
}

const levelNames: readonly [RegExp, ProgramLine['level']][] = [
  [/^(trace|debug|verbose|fine\w*|silly)$/i, 'debug'],
  [/^(info\w*|notice|http|config)$/i, 'info'],
  [/^warn(ing)?$/i, 'warn'],
  [/^(err(or)?|fatal|crit(ical)?|alert|emerg(ency)?|panic|severe)$/i, 'error'],
]
const names = {
  level: ['level', 'levelname', 'severity', 'log.level', 'lvl'],
  message: ['message', 'msg', 'event'],
  messageId: ['messageId', 'message_id', 'ce_id'],
  traceId: ['traceId', 'trace_id', 'trace.id', 'otelTraceID'],
  spanId: ['spanId', 'span_id', 'span.id', 'otelSpanID'],
}
const hex = /^[0-9a-f]+$/i

/**
 * Reads a line of a program: a JSON object with a message, by the names that loggers commonly use; or text. Text on standard error is
 * information unless it says otherwise, as many programs log there.
 */
export function readProgramLine(line: string, stream: 'stdout' | 'stderr'): ProgramLine {
  const members = line.startsWith('{') ? membersOf(line) : undefined
  const message = members && take(members, names.message)
  if (!members || typeof message !== 'string') return { level: levelOfText(line, stream), message: line }
  const level = levelOf(take(members, names.level)) ?? 'info'
  const messageId = take(members, names.messageId)
  const traceId = take(members, names.traceId)
  const spanId = take(members, names.spanId)
  for (const own of ['time', 'timestamp', 'ts', '@timestamp', 'pid', 'hostname']) members.delete(own)
  return {
    level,
    message,
    ...(typeof messageId === 'string' ? { messageId } : {}),
    ...(isHex(traceId, 32) ? { traceId } : {}),
    ...(isHex(spanId, 16) ? { spanId } : {}),
    ...(members.size > 0 ? { fields: Object.fromEntries(members) } : {}),
  }
}

/** The value of the first of these names that is there, which is taken out. */
function take(members: Map<string, unknown>, from: readonly string[]): unknown {
  const name = from.find((one) => members.has(one))
  if (name === undefined) return undefined
  const value = members.get(name)
  members.delete(name)
  return value
}

function membersOf(line: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined
  } catch {
    // It only begins like an object: text.
    return undefined
  }
}

/** Pino's and Python's numbers, or a name. */
function levelOf(level: unknown): ProgramLine['level'] | undefined {
  if (typeof level === 'number') return level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug'
  return typeof level === 'string' ? levelNames.find(([name]) => name.test(level))?.[1] : undefined
}

function levelOfText(line: string, stream: 'stdout' | 'stderr'): ProgramLine['level'] {
  if (stream === 'stdout') return 'info'
  if (/\b(error|exception|traceback|fatal|panic|critical)\b/i.test(line) || /^\w*(Error|Exception)\b/.test(line))
    return 'error'
  return /\bwarn(ing)?\b/i.test(line) ? 'warn' : 'info'
}

const isHex = (value: unknown, length: number): value is string =>
  typeof value === 'string' && value.length === length && hex.test(value)
