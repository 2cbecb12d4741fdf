import type { Recording } from '#contracts/api/recording.ts'
import type { Problem } from '#contracts/errors.ts'

const key = 'faultline-recording'

/** The session storage of this tab, or of a test. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** This tab began it, and owes its user the file: also after a reload. */
export const oweRecording = (storage: TabStorage, id: string): void => storage.setItem(key, id)

/** Whoever takes it saves the file, and owes it again where that fails. True if it was owed. */
export function takeRecording(storage: TabStorage, id: string): boolean {
  if (storage.getItem(key) !== id) return false
  storage.removeItem(key)
  return true
}

/**
 * The recording of this tab, where it ended without it: by its time or size, or by somebody else. Undefined if none is owed, or it goes
 * on. Throws a problem document where it cannot be read; it is owed still, unless the lab has forgotten it.
 * @param going ids of the recordings that go on
 */
export async function endedRecording(
  storage: TabStorage,
  going: readonly string[],
  load: (id: string) => Promise<Recording>,
): Promise<Recording | undefined> {
  const id = storage.getItem(key)
  if (id === null || going.includes(id)) return undefined
  takeRecording(storage, id)
  try {
    const found = await load(id)
    if (found.state === 'ended') return found
  } catch (error) {
    if ((error as Problem).code !== 'unknown_recording') oweRecording(storage, id)
    throw error
  }
  // The list was read before it began.
  oweRecording(storage, id)
  return undefined
}
