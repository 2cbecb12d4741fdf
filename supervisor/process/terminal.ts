/**
 * The terminal, which may be closed while the lab still stops: from then on nothing is written, and nothing fails.
 */
export interface Terminal {
  /** A step that was done: `✓ postgres  port 41873  0.4 s`. */
  done(step: string, detail?: string, sinceMs?: number): void
  /** A plain line. */
  say(line: string): void
  /** Something a person should know of. */
  warn(line: string): void
}

const green = 32
const yellow = 33
const dim = 2

export function openTerminal(stream: NodeJS.WriteStream): Terminal {
  let open = true
  stream.on('error', () => {
    open = false
  })
  const paint = (code: number, text: string) =>
    stream.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text
  const write = (line: string) => {
    if (open) stream.write(`${line}\n`)
  }
  return {
    done: (step, detail = '', sinceMs) => {
      const time = sinceMs === undefined ? '' : paint(dim, `  ${((Date.now() - sinceMs) / 1000).toFixed(1)} s`)
      write(`${paint(green, '✓')} ${step}${detail === '' ? '' : paint(dim, `  ${detail}`)}${time}`)
    },
    say: write,
    warn: (line) => write(`${paint(yellow, '!')} ${line}`),
  }
}
