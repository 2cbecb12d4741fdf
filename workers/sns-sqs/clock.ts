/** The simulator's own time: that of the machine, and as far ahead of it as a test has moved it. Never goes back. */
export class SimulatorClock {
  private ahead = 0
  private readonly listeners: (() => void)[] = []

  /** Epoch milliseconds. */
  readonly now = (): number => Date.now() + this.ahead

  /** Milliseconds by which it is ahead of the machine's. */
  readonly aheadMs = (): number => this.ahead

  /** Moves on by so many milliseconds, and wakes those who wait for a moment. */
  advance(milliseconds: number): void {
    this.ahead += milliseconds
    for (const listener of this.listeners) listener()
  }

  /** Called after every move. */
  onMoved(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** Takes back what it was moved by, for a reset. */
  restore(): void {
    this.ahead = 0
  }
}
