import type { LogRecord } from '#contracts/protocols/telemetry.ts'

export type Level = LogRecord['level']
export const levels: Level[] = ['debug', 'info', 'warn', 'error']

export const isLevel = (value: string | undefined): value is Level => levels.some((level) => level === value)

/** Lines of this level and above. */
export const linesFrom = (lines: readonly LogRecord[], level: Level): LogRecord[] => {
  const least = levels.indexOf(level)
  return lines.filter((line) => levels.indexOf(line.level) >= least)
}
