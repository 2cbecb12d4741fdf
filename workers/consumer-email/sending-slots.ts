/** Gives as many leases at a time as there are slots; the others wait in order. */
export interface SendingSlots {
  /** Resolves to what gives the slot back. Rejects with the signal's reason where it aborts first. */
  take(signal: AbortSignal | undefined): Promise<() => void>
}

export function createSendingSlots(count: number): SendingSlots {
  let free = count
  const waiting: (() => void)[] = []
  const release = (): void => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const lease = (): (() => void) => {
    let given = true
    return () => {
      if (given) release()
      given = false
    }
  }
  return {
    async take(signal) {
      signal?.throwIfAborted()
      if (free > 0) {
        free -= 1
        return lease()
      }
      await new Promise<void>((resolve, reject) => {
        const begin = (): void => {
          signal?.removeEventListener('abort', giveUp)
          resolve()
        }
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(begin), 1)
          reject(signal?.reason)
        }
        waiting.push(begin)
        signal?.addEventListener('abort', giveUp, { once: true })
      })
      return lease()
    },
  }
}
