import type { LogRecord } from '#contracts/protocols/telemetry.ts'

export type Level = LogRecord['level']
export const levels: Level[] = ['debug', 'info', 'warn', 'error']

export const isLevel = (value: string | undefined): value is Level => levels.some((level) => level === value)

/** Lines of this level and above. */
export const linesFrom = (lines: readonly LogRecord[], level: Level): LogRecord[] => {
  const least = levels.indexOf(level)
  return lines.filter((line) => levels.indexOf(line.level) >= least)
}

const keys = new WeakMap<LogRecord, string>()
let given = 0

/** The same for a line as long as it is kept, whatever has left the list before it. */
export function lineKey(line: LogRecord): string {
  const known = keys.get(line)
  if (known !== undefined) return known
  given += 1
  const key = String(given)
  keys.set(line, key)
  return key
}
