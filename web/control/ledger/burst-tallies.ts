/** What telemetry reported of the messages of one burst. */
export interface BurstTally {
  /** Publishes that were reported, those under an identity that had been used included. */
  attempted: number
  acked: number
  failed: number
  /** Of `attempted`, those under an identity that had been used: their answer is reported under the first one's. */
  reused: number
  /** When something was reported of it last, epoch milliseconds. */
  reportedAt: number
}

export interface BurstTalliesState {
  wholeSince: number
  /** `reportedAt` is absent in older checkpoints. */
  tallies: [burstId: string, Omit<BurstTally, 'reportedAt'> & Partial<Pick<BurstTally, 'reportedAt'>>][]
}

/** Four may run at once; the others have ended. */
const kept = 64

/** The ledger's own count of each burst, by which the producer's figures are checked: the last 64 about which something was reported. */
export class BurstTallies {
  /** Bursts that began before this moment, epoch milliseconds, may have messages that were not counted here. */
  wholeSince = 0
  readonly #tallies = new Map<string, BurstTally>()

  /** Counts one message of a burst, at epoch milliseconds. */
  count(burstId: string, what: 'attempted' | 'acked' | 'failed' | 'reused', at: number): void {
    let tally = this.#tallies.get(burstId)
    if (!tally) {
      tally = { attempted: 0, acked: 0, failed: 0, reused: 0, reportedAt: at }
      this.#tallies.set(burstId, tally)
      if (this.#tallies.size > kept) this.#forgetOldest()
    }
    tally[what] += 1
    if (what === 'reused') tally.attempted += 1
    tally.reportedAt = at
  }

  of(burstId: string): Readonly<BurstTally> | undefined {
    return this.#tallies.get(burstId)
  }

  state(): BurstTalliesState {
    return { wholeSince: this.wholeSince, tallies: [...this.#tallies].map(([id, tally]) => [id, { ...tally }]) }
  }

  /** `state` is absent in checkpoints from before bursts were counted: then those that run at `now` are not whole. */
  restore(state: BurstTalliesState | undefined, now: number): void {
    this.wholeSince = state?.wholeSince ?? now
    for (const [id, tally] of state?.tallies ?? []) this.#tallies.set(id, { reportedAt: now, ...tally })
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#tallies].sort(([, a], [, b]) => a.reportedAt - b.reportedAt)
    if (oldest) this.#tallies.delete(oldest[0])
  }
}
