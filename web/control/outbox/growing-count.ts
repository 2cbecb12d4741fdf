/** How long the counted base is trusted before everything is counted again, in milliseconds. */
const recountAfterMs = 60_000

/**
 * The number of rows of a table that only grows, without counting all of it for every page: what is older than a
 * settled position is counted once a minute, what is newer each time.
 */
export function growingCount(source: {
  /** The highest position whose predecessors are all committed, and how many rows there are up to it. */
  base: () => Promise<{ position: bigint; count: number }>
  after: (position: bigint) => Promise<number>
  now?: () => number
}): () => Promise<number> {
  const now = source.now ?? Date.now
  let kept: { at: number; base: Promise<{ position: bigint; count: number }> } | undefined
  return async () => {
    if (!kept || now() - kept.at > recountAfterMs) {
      const base = source.base()
      kept = { at: now(), base }
      base.catch(() => {
        if (kept?.base === base) kept = undefined
      })
    }
    const { position, count } = await kept.base
    return count + (await source.after(position))
  }
}
