interface Line {
  running: number
  waiting: { id: string; begin: () => void }[]
}

/** Lets so many calls of one endpoint run at once, so that one which keeps silent leaves the others their places. First come, first served. */
export class Turns {
  private readonly atOnce: number
  /** By endpoint; only those that are called. */
  private readonly lines = new Map<string, Line>()
  /** Calls under way, of all endpoints. */
  running = 0

  constructor(atOnce: number) {
    this.atOnce = atOnce
  }

  /** Resolves when the call may begin; `end` has to follow. */
  begin(endpoint: string, id: string): Promise<void> {
    const line = this.lines.get(endpoint) ?? { running: 0, waiting: [] }
    this.lines.set(endpoint, line)
    if (line.running >= this.atOnce) return new Promise((begin) => line.waiting.push({ id, begin }))
    line.running++
    this.running++
    return Promise.resolve()
  }

  /** A call has ended: the next of its endpoint has its place, where one waits. */
  end(endpoint: string): void {
    const line = this.lines.get(endpoint)
    if (line === undefined) return
    const next = line.waiting.shift()
    if (next !== undefined) {
      next.begin()
      return
    }
    this.running--
    line.running--
    if (line.running === 0) this.lines.delete(endpoint)
  }

  /** The ids of those that wait for their turn. */
  waiting(): string[] {
    return [...this.lines.values()].flatMap((line) => line.waiting.map(({ id }) => id))
  }
}
