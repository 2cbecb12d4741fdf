export interface PollOptions {
  /** Polls open at a time at most. */
  max: number
  /** Asks once; answers whether the answer was full, which means that more is waiting. */
  receive: () => Promise<boolean>
  /** Waits until there is room for one more answer; undefined if there is room now. */
  room: () => Promise<void> | undefined
  /** Called after a failed receive; resolves when the next may be tried. */
  failed: (error: unknown) => Promise<void>
  signal: AbortSignal
}

/**
 * Keeps one long poll open; a full answer opens one more, one that is not full closes all but the last. So a short queue
 * costs one request at a time and gives larger batches, and a long one is emptied by several. Resolves after the
 * signal aborted and every poll ended.
 */
export async function keepPolling({ max, receive, room, failed, signal }: PollOptions): Promise<void> {
  const open = new Set<Promise<void>>()

  function start(): void {
    const loop = poll().finally(() => open.delete(loop))
    open.add(loop)
  }

  async function poll(): Promise<void> {
    while (!signal.aborted) {
      const full = room()
      if (full) {
        await full
        continue
      }
      try {
        const more = await receive()
        if (more && open.size < max) start()
        else if (!more && open.size > 1) return
      } catch (error) {
        if (signal.aborted || open.size > 1) return
        await failed(error)
      }
    }
  }

  start()
  while (open.size > 0) await Promise.race(open)
}
