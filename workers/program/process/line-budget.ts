/** Lets so many lines through in a second and counts the rest. */
export interface LineBudget {
  /** Whether this line goes on. A second begins with its first line. */
  admit(): boolean
  /** Ends the second and logs what was held back. */
  close(): void
}

/** `onHeldBack` is called at the end of a second with how many lines were held back in it, if there were any. */
export function createLineBudget(linesPerSecond: number, onHeldBack: (lines: number) => void): LineBudget {
  let lines = 0
  let timer: NodeJS.Timeout | undefined

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    const heldBack = lines - linesPerSecond
    lines = 0
    if (heldBack > 0) onHeldBack(heldBack)
  }

  return {
    admit() {
      timer ??= setTimeout(close, 1_000)
      lines += 1
      return lines <= linesPerSecond
    },
    close,
  }
}
