import type { Logger } from 'pino'
import type { Burst } from '#contracts/api/burst.ts'
import type { BurstStore, StoredBurstInput } from './burst-store.ts'

/** Stores bursts while the database comes and goes. */
export interface BurstSaver {
  /** Stores it as soon as that is possible; `input` once, with the first. */
  save(burst: Burst, input?: StoredBurstInput): void
  /** Tries again what could not be stored. */
  flush(): void
}

export function createBurstSaver(store: Pick<BurstStore, 'save'>, log: Logger): BurstSaver {
  const unsaved = new Map<string, { burst: Burst; input: StoredBurstInput | undefined }>()
  let saving = false
  let fails = false

  async function saveAll(): Promise<void> {
    for (const [id, entry] of unsaved) {
      await store.save(entry.burst, entry.input)
      if (unsaved.get(id) === entry) unsaved.delete(id)
    }
    fails = false
  }

  function flush(): void {
    if (saving || unsaved.size === 0) return
    saving = true
    saveAll()
      .catch((error: unknown) => {
        if (!fails) log.warn({ err: error }, 'bursts cannot be stored; tries again until they are')
        fails = true
      })
      .finally(() => {
        saving = false
      })
  }

  return {
    save(burst, input = unsaved.get(burst.id)?.input) {
      unsaved.set(burst.id, { burst, input })
      flush()
    },
    flush,
  }
}
