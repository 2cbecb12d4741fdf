/** A request that waits, and how much of a script it takes. */
interface Entry<Request, Answer> {
  request: Request
  weight: number
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

export interface TogetherOptions<Request, Answer> {
  /** Carries out requests of one place; resolves with one answer for each, in their order. A rejection is that of each. */
  run: (place: string, requests: Request[]) => Promise<Answer[]>
  /** What a request counts, e.g. its receipts. One that weighs more than `most` goes alone. */
  weigh: (request: Request) => number
  /** The most that goes out at once. */
  most: number
}

/**
 * Requests of one place (a queue) that come while one of them is under way go out together in the next script: a script costs Redis more than
 * the message that it handles. One of a place at a time, in the order in which they came; places do not wait for each other. A request that
 * comes alone goes out at the end of its turn of the event loop.
 * A place is absent (nothing waits) → BUSY (a script is under way, or about to be) → absent.
 */
export class Together<Request, Answer> {
  private readonly options: TogetherOptions<Request, Answer>
  private readonly busy = new Map<string, Entry<Request, Answer>[]>()

  constructor(options: TogetherOptions<Request, Answer>) {
    this.options = options
  }

  add(place: string, request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const entry = { request, weight: this.options.weigh(request), resolve, reject }
      const waiting = this.busy.get(place)
      if (waiting !== undefined) waiting.push(entry)
      else {
        const first = [entry]
        this.busy.set(place, first)
        setImmediate(() => void this.drain(place, first))
      }
    })
  }

  private async drain(place: string, waiting: Entry<Request, Answer>[]): Promise<void> {
    while (waiting.length > 0) {
      const turn = waiting.splice(0, this.fitting(waiting))
      try {
        const requests = turn.map(({ request }) => request)
        const answers = await this.options.run(place, requests)
        for (const [index, { resolve }] of turn.entries()) resolve(answers[index] as Answer)
      } catch (error) {
        for (const { reject } of turn) reject(error)
      }
    }
    this.busy.delete(place)
  }

  /** How many of those that wait go out next. */
  private fitting(waiting: Entry<Request, Answer>[]): number {
    let weight = 0
    const past = waiting.findIndex((entry, index) => {
      weight += entry.weight
      return index > 0 && weight > this.options.most
    })
    return past === -1 ? waiting.length : past
  }
}
