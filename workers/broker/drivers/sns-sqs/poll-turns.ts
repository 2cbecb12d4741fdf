/** Who of many subscriptions may ask its queue now. */
export interface PollTurns {
  /** A subscription comes; the answer takes it away again. `first`: it is not made to wait where that can be helped. */
  join(group: string, first: boolean): () => void
  /**
   * Resolves when its turn has come, with the seconds that it may wait for a message. Rejects when `signal` aborts. Each turn has to be
   * ended with `end`.
   */
  take(group: string, signal: AbortSignal): Promise<number>
  end(): void
  /** These groups come next. */
  expect(groups: Iterable<string>): void
  /** Whether there are more subscriptions than turns. */
  isCrowded(): boolean
}

interface Waiting {
  group: string
  go: (seconds: number) => void
}

/** Seconds of a poll where others wait for a turn. */
const crowdedSeconds = 1

/**
 * Each long poll holds a connection for as long as its queue is empty, so a process with a thousand queues does not keep one open for each.
 * EASY: at most `max` subscriptions, each polls whenever it likes, for `seconds`. CROWDED: `max` polls at a time, of one second; who waits is
 * served in the order of coming, but for those that expect a message, which go first. Of those that nobody can announce, up to half of `max`
 * stay in their polls as if it were easy.
 */
export function createPollTurns(max: number, seconds: number): PollTurns {
  const members = new Map<string, number>()
  const firsts = new Set<string>()
  let open = 0
  let waiting: Waiting[] = []
  /** A message came for it while it was in the middle of a poll that may have missed it, or before it asked. */
  const expected = new Set<string>()

  const isCrowded = (): boolean => members.size > max
  const isFirst = (group: string): boolean => firsts.has(group)

  function grant({ group, go }: Waiting): void {
    open += 1
    expected.delete(group)
    go(isCrowded() && !isFirst(group) ? crowdedSeconds : seconds)
  }

  function serve(): void {
    while (waiting.length > 0 && (open < max || !isCrowded())) {
      const next = waiting.shift()
      if (next) grant(next)
    }
  }

  return {
    isCrowded,
    join(group, first) {
      members.set(group, (members.get(group) ?? 0) + 1)
      if (first && firsts.size < max / 2) firsts.add(group)
      return () => {
        const left = (members.get(group) ?? 1) - 1
        if (left > 0) members.set(group, left)
        else {
          members.delete(group)
          firsts.delete(group)
          expected.delete(group)
        }
        serve()
      }
    },
    take(group, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const abort = (): void => {
          waiting = waiting.filter((other) => other !== entry)
          reject(signal.reason)
        }
        const entry: Waiting = {
          group,
          go(granted) {
            signal.removeEventListener('abort', abort)
            resolve(granted)
          },
        }
        signal.addEventListener('abort', abort, { once: true })
        if (isFirst(group) || expected.has(group)) waiting.unshift(entry)
        else waiting.push(entry)
        serve()
      })
    },
    end() {
      open -= 1
      serve()
    },
    expect(groups) {
      if (!isCrowded()) return
      const wanted = new Set([...groups].filter((group) => members.has(group)))
      const now = waiting.filter(({ group }) => wanted.has(group))
      if (now.length > 0) waiting = [...now, ...waiting.filter(({ group }) => !wanted.has(group))]
      const here = new Set(now.map(({ group }) => group))
      // One that polls already is answered by its queue, unless it has just been: then it looks once more.
      for (const group of wanted) if (!here.has(group)) expected.add(group)
    },
  }
}
