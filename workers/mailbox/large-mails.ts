/** Bytes of a mail that are held without asking. Most mails of the lab are a tenth of it. */
export const smallMailBytes = 64 * 1024

/** Gives memory to as many large mails at a time as configured; the others wait, and their clients with them. */
export interface LargeMails {
  /** Resolves to what gives the place back, which may be called more than once. */
  take(): Promise<() => void>
}

export function createLargeMails(count: number): LargeMails {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      let held = true
      return () => {
        if (!held) return
        held = false
        const next = waiting.shift()
        if (next) next()
        else free += 1
      }
    },
  }
}
