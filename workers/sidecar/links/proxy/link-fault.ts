import type { Stage } from './direction.ts'

/** A connection as a fault sees it. */
export interface FaultableConnection {
  /** RST to both sides. */
  reset(): void
}

/** What a fault does to one connection. */
export interface Passage {
  up?: Stage
  down?: Stage
  /** The connection is closed, or the fault ends: what is held goes on. */
  leave(): void
}

/**
 * A fault that is on a link. `enter` is called for each connection that is open when it begins, oldest first, and for
 * each that comes later; undefined: this one is no victim. After `end` everything is as if it had never been.
 */
export interface LinkFault {
  enter(connection: FaultableConnection): Passage | undefined
  end(): void
}

/** Called with every effect: a piece of bytes held, a connection reset. */
export type OnHit = () => void
