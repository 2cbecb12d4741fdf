/** Requests that are read at a time. */
const underWayMax = 16
/** Bytes that are decoded in a second, once they are unpacked: spans are shown, and must not keep the lab from its work. */
const bytesPerSecond = 16 * 1024 * 1024

/** How much of what programs report is taken at a time. */
export class ReportBudget {
  readonly #now: () => number
  #underWay = 0
  #second = 0
  #bytes = 0

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes on a request; its end says how many bytes it had. Undefined: no more at the moment. */
  begin(): { end(bytes: number): void } | undefined {
    const second = Math.floor(this.#now() / 1_000)
    if (second !== this.#second) [this.#second, this.#bytes] = [second, 0]
    if (this.#underWay >= underWayMax || this.#bytes >= bytesPerSecond) return undefined
    this.#underWay += 1
    return {
      end: (bytes) => {
        this.#underWay -= 1
        this.#bytes += bytes
      },
    }
  }
}
