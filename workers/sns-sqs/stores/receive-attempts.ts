/** For how long a receive of a FIFO queue can be repeated with its attempt id, in milliseconds. */
export const repeatableMs = 300_000

/** Receives that can be repeated, at most; the one that was kept longest ago goes first. */
export const maximumAttempts = 2_000

/**
 * What receives gave out under an attempt id, so that they can be repeated. Beside the declarations: it changes with every such receive and
 * nothing is worked out from it.
 */
export interface ReceiveAttempts {
  /** The text kept under this id; undefined if there is none or its five minutes are over. */
  get(id: string): Promise<string | undefined>
  /** Keeps a text, from now on the newest, in place of an earlier one under this id. Resolves once a kill leaves it there, unless the disk is full. */
  keep(id: string, text: string): Promise<void>
}
