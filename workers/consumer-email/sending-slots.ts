/** Gives as many leases at a time as there are slots; the others wait in order. */
export interface SendingSlots {
  /** Resolves to what gives the slot back. Where the signal aborted meanwhile, rejects with its reason when its turn comes. */
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
  return {
    async take(signal) {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      if (!signal?.aborted) return release
      release()
      throw signal.reason
    },
  }
}
