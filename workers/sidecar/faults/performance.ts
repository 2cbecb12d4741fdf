import type { HeldFault } from '#contracts/faults/held-fault.ts'

/** How a performer reports what it does. */
export interface Tell {
  /** It was seen to take effect; the first time counts. `at`: epoch milliseconds, default now. */
  hit(at?: number): void
  /** One sentence on what it waits for; undefined: nothing. */
  detail(detail: string | undefined): void
}

/** A fault that is being carried out. */
export interface Performance {
  /** Resolves when it is in place; rejects with the reason where it cannot be. */
  readonly begun: Promise<void>
  /** Resolves when nothing of it is left; may be called before it has begun. Never rejects. */
  undo(): Promise<void>
}

/** Carries out one fault. */
export type Perform = (fault: HeldFault, tell: Tell) => Performance
