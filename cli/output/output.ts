/** Where a command writes: a terminal that can be drawn on, or plain lines for logs and pipes. */
export interface Output {
  /** Lines can be drawn again in place. */
  readonly isTerminal: boolean
  /** Width of the terminal. */
  readonly width: number
  line(text: string): void
  /** Draws these lines in place of those that were drawn before; only on a terminal. */
  draw(lines: readonly string[]): void
  /** Leaves what was drawn last as it is, or takes it away. */
  endDrawing(keep: boolean): void
}

/** `stream` is standard output. A reader that goes away, as `head` does, ends nothing. */
export function openOutput(stream: NodeJS.WriteStream): Output {
  let drawn = 0
  stream.on('error', () => undefined)
  const isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb'
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`)
  return {
    isTerminal,
    get width() {
      return stream.columns ?? 80
    },
    line: (text) => void stream.write(`${text}\n`),
    draw(lines) {
      if (!isTerminal) return
      const width = stream.columns ?? 80
      const height = (stream.rows ?? 24) - 1
      const shown = lines.slice(0, height).map((line) => [...line].slice(0, width - 1).join(''))
      stream.write(`${erase()}${shown.map((line) => `${line}\n`).join('')}`)
      drawn = shown.length
    },
    endDrawing(keep) {
      if (!keep) stream.write(erase())
      drawn = 0
    },
  }
}
