import type { Readable } from 'node:stream'
import { createLineBudget } from './line-budget.ts'

export interface OutputLimits {
  /** Characters of a line that are kept; the rest is counted. */
  lineMax: number
  /** Lines a second; the rest of the second is counted. */
  linesPerSecond: number
  /** Bytes a second that are read; a program that writes more waits at its pipe. */
  bytesPerSecond: number
}

export const outputLimits: OutputLimits = { lineMax: 8_000, linesPerSecond: 100, bytesPerSecond: 4 * 1024 * 1024 }

/**
 * Reads the lines of a program's output, whatever it writes: a line without an end, or lines without end, cost a bounded amount of
 * memory and time. `onHeldBack` is called once a second with how many lines were left out.
 */
export function readOutput(
  stream: Readable,
  { lineMax, linesPerSecond, bytesPerSecond }: OutputLimits,
  onLine: (line: string) => void,
  onHeldBack: (lines: number) => void,
): void {
  const budget = createLineBudget(linesPerSecond, onHeldBack)
  let line = ''
  let cut = 0
  let bytes = 0
  let window: NodeJS.Timeout | undefined

  function endWindow(): void {
    clearTimeout(window)
    window = undefined
    bytes = 0
    stream.resume()
  }

  function endLine(): void {
    const whole = cut > 0 ? `${line}… ${cut} more characters` : line
    line = ''
    cut = 0
    if (whole.trim() !== '' && budget.admit()) onLine(whole.replace(/\r$/, ''))
  }

  function add(part: string): void {
    const room = lineMax - line.length
    line += part.slice(0, room)
    cut += Math.max(0, part.length - room)
  }

  stream.setEncoding('utf8')
  stream.on('error', () => undefined)
  stream.on('data', (chunk: string) => {
    window ??= setTimeout(endWindow, 1_000)
    bytes += chunk.length
    if (bytes > bytesPerSecond) stream.pause()
    const parts = chunk.split('\n')
    for (const [index, part] of parts.entries()) {
      if (index > 0) endLine()
      add(part)
    }
  })
  stream.on('close', () => {
    endLine()
    budget.close()
    clearTimeout(window)
  })
}
