/** SHUT → OPEN, once. What waits at it goes on when its time is over or when the gate opens, whichever comes first. */
export interface LinkGate {
  readonly isOpen: boolean
  open(): void
  /** Resolves after `ms` (`Infinity`: not by itself), at once where the gate is open. */
  wait(ms: number): Promise<void>
}

/** The longest time that a timer of Node takes. */
const longestTimerMs = 2 ** 31 - 1

export function createLinkGate(): LinkGate {
  const waiting = new Set<() => void>()
  let isOpen = false
  return {
    get isOpen() {
      return isOpen
    },
    open() {
      isOpen = true
      for (const goOn of waiting) goOn()
    },
    wait(ms) {
      if (isOpen || ms <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const goOn = (): void => {
          clearTimeout(timer)
          waiting.delete(goOn)
          resolve()
        }
        const timer = ms <= longestTimerMs ? setTimeout(goOn, ms) : undefined
        waiting.add(goOn)
      })
    },
  }
}
