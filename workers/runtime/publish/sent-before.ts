/** Remembers what a program has sent for a cause, by the ids that it gave. */
export interface SentBefore {
  /** The identity of the message that represents this key, once that is known; undefined if none was acknowledged. */
  find(key: string): Promise<string | undefined> | undefined
  /** `sending` resolves with the identity when the broker has it, with undefined when it may not. */
  add(key: string, sending: Promise<string | undefined>): void
}

/** Of an entry beside its key, about. */
const entryBytes = 300

/** Keeps the newest keys, at most `maxEntries` of about `maxBytes` together. What was not acknowledged is forgotten at once. */
export function createSentBefore({ maxEntries = 50_000, maxBytes = 16 * 1024 * 1024 } = {}): SentBefore {
  const sent = new Map<string, Promise<string | undefined>>()
  let bytes = 0

  function forget(key: string): void {
    if (sent.delete(key)) bytes -= sizeOf(key)
  }

  return {
    find: (key) => sent.get(key),
    add(key, sending) {
      forget(key)
      sent.set(key, sending)
      bytes += sizeOf(key)
      for (const oldest of sent.keys()) {
        if (sent.size <= maxEntries && bytes <= maxBytes) break
        forget(oldest)
      }
      void sending.then((id) => {
        if (id === undefined && sent.get(key) === sending) forget(key)
      })
    },
  }
}

const sizeOf = (key: string): number => key.length * 2 + entryBytes
