export interface LineLimit {
  /** Whether this line goes on. A window opens with the first line. */
  admit(): boolean
  /** Ends the window and logs what was held back. */
  close(): void
}

export interface LineLimitOptions {
  perWindow: number
  windowMs: number
  /** Called at the end of a window that held lines back, with their number. */
  onHeldBack: (count: number) => void
}

/** Lets so many lines through in a window and counts the rest. */
export function createLineLimit({ perWindow, windowMs, onHeldBack }: LineLimitOptions): LineLimit {
  let admitted = 0
  let heldBack = 0
  let timer: NodeJS.Timeout | undefined

  function close(): void {
    clearTimeout(timer)
    timer = undefined
    const count = heldBack
    admitted = 0
    heldBack = 0
    if (count > 0) onHeldBack(count)
  }

  return {
    admit() {
      timer ??= setTimeout(close, windowMs).unref()
      if (admitted < perWindow) {
        admitted += 1
        return true
      }
      heldBack += 1
      return false
    },
    close,
  }
}
