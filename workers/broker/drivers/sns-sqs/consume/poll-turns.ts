/** Who of many subscriptions may ask its queue now. */
export interface PollTurns {
  /**
   * A subscription comes; the answer takes it away again, once. `first`: its group is not made to wait where that can be helped, until its
   * last subscription leaves.
   */
  join(group: string, first: boolean): () => void
  /** Resolves when its turn has come. Rejects when `signal` aborts. */
  take(group: string, signal: AbortSignal): Promise<PollTurn>
  expect(groups: Iterable<string>): void
  /** Whether there are more subscriptions than turns. */
  isCrowded(): boolean
}

export interface PollTurn {
  /** How long it may wait for a message. */
  seconds: number
  /** To be called once. */
  end(): void
}

interface Waiting {
  group: string
  announced: boolean
  go: (turn: PollTurn) => void
}

/** Seconds of a poll where others wait for a turn. */
const crowdedSeconds = 1
/** Each so many turns one goes to who has waited longest, whoever else is to come next. */
const oldestEvery = 8

/**
 * Each long poll holds a connection for as long as its queue is empty, so a process with a thousand queues does not keep one open for each.
 * EASY: at most `max` subscriptions, each polls whenever it likes, for `seconds`. CROWDED: `max` polls at a time, of one second; who waits is
 * served in the order of coming, but for those that expect a message, which go first. Of the polls of groups that nobody can announce, up to
 * half of `max` go first too and last as long as if it were easy; more of them wait like everyone. Each eighth turn goes to who has waited
 * longest, so whoever waits comes after at most eight turns for each that waits before it.
 */
export function createPollTurns(max: number, seconds: number): PollTurns {
  /** Subscriptions by group. */
  const members = new Map<string, number>()
  let subscriptions = 0
  const firsts = new Set<string>()
  let open = 0
  /** Open polls of `firsts` that keep a connection as if it were easy. */
  let kept = 0
  let given = 0
  /** In the order of coming. */
  let waiting: Waiting[] = []
  /** A message came for it while it was in the middle of a poll that may have missed it, or before it asked. */
  const expected = new Set<string>()

  const isCrowded = (): boolean => subscriptions > max
  const mayKeep = (group: string): boolean => firsts.has(group) && kept < Math.floor(max / 2)

  function grant({ group, go }: Waiting): void {
    const keeps = mayKeep(group)
    open += 1
    if (keeps) kept += 1
    expected.delete(group)
    go({
      seconds: isCrowded() && !keeps ? crowdedSeconds : seconds,
      end() {
        open -= 1
        if (keeps) kept -= 1
        serve()
      },
    })
  }

  function next(): Waiting | undefined {
    given += 1
    const urgent =
      given % oldestEvery === 0 ? -1 : waiting.findIndex((entry) => entry.announced || mayKeep(entry.group))
    return waiting.splice(Math.max(0, urgent), 1)[0]
  }

  function serve(): void {
    while (waiting.length > 0 && (open < max || !isCrowded())) {
      const entry = next()
      if (entry) grant(entry)
    }
  }

  return {
    isCrowded,
    join(group, first) {
      members.set(group, (members.get(group) ?? 0) + 1)
      subscriptions += 1
      if (first) firsts.add(group)
      let isHere = true
      return () => {
        // One that is abandoned while it stops leaves twice.
        if (!isHere) return
        isHere = false
        subscriptions -= 1
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
          announced: expected.has(group),
          go(turn) {
            signal.removeEventListener('abort', abort)
            resolve(turn)
          },
        }
        signal.addEventListener('abort', abort, { once: true })
        waiting.push(entry)
        serve()
      })
    },
    expect(groups) {
      if (!isCrowded()) return
      const wanted = new Set([...groups].filter((group) => members.has(group)))
      const here = new Set<string>()
      for (const entry of waiting) {
        if (!wanted.has(entry.group)) continue
        entry.announced = true
        here.add(entry.group)
      }
      // One that polls already is answered by its queue, unless it has just been: then it looks once more.
      for (const group of wanted) if (!here.has(group)) expected.add(group)
    },
  }
}
