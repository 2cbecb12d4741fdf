import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { LabText } from './lab-text.ts'

/** Between two looks at the lab file, in milliseconds. */
const lookEveryMs = 2_000

type NewEntry = Omit<EventLogEntry, 'seq' | 'at'>

/**
 * Says in the event log, once for each time, that somebody wrote or removed the lab file under the running lab, which goes on with what it
 * has, and that the file is again as the lab knows it.
 * KNOWN ↔ CHANGED ↔ MISSING. Resolves `stop` when a look under way is over.
 */
export function watchLabFile(
  { file, saved }: Pick<LabText, 'file' | 'saved'>,
  tell: (entry: NewEntry) => void,
  everyMs = lookEveryMs,
): { stop: () => Promise<void> } {
  let seen: 'known' | 'changed' | 'missing' = 'known'
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()

  async function look(): Promise<void> {
    const found = await saved()
    const now = found === 'changed' || found === 'missing' ? found : 'known'
    if (now !== seen && !stopped) tell(entryOf(file, now))
    seen = now
    if (!stopped) timer = setTimeout(begin, everyMs)
  }
  function begin(): void {
    looking = look()
  }
  begin()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      return looking
    },
  }
}

const entryOf = (file: string, now: 'known' | 'changed' | 'missing'): NewEntry => ({
  ...{ kind: 'lab', level: now === 'known' ? 'info' : 'warn' },
  message: {
    changed: `${file} was changed; the lab runs on as it is: apply the new text on the screen, or start the lab again`,
    missing: `${file} cannot be read any more; the lab runs on as it is`,
    known: `${file} is again as the lab knows it`,
  }[now],
})
