import { z } from 'zod'
import type { LabStore } from './lab-store.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const epochsFile = z.record(z.string(), z.int().min(0))

export interface EpochGrants {
  /** An epoch that no process of this instance ever had, stored before it is answered. */
  grant(instance: string): Promise<number>
}

/**
 * Epochs are kept twice: in a file of the data folder and in the database, and the higher one counts. So no identity is
 * used again when either is replaced, and a producer restarts while the database is away. The first epoch of an
 * instance in a data folder needs the database, which may know of earlier ones; without it `grant` rejects.
 */
export function createEpochGrants(path: string, store: Pick<LabStore, 'lastEpoch' | 'raiseEpoch'>): EpochGrants {
  let turn: Promise<unknown> = Promise.resolve()

  const grant = async (instance: string): Promise<number> => {
    const epochs = (await readStateFile(path, epochsFile)) ?? {}
    const inFile = epochs[instance]
    const inDatabase = await store.lastEpoch(instance).catch((error: unknown) => {
      if (inFile === undefined) throw error
      return 0
    })
    const epoch = Math.max(inFile ?? 0, inDatabase) + 1
    await writeStateFile(path, { ...epochs, [instance]: epoch })
    // The file holds it; a database that is away now learns of it with the next grant.
    await store.raiseEpoch(instance, epoch).catch(() => undefined)
    return epoch
  }

  return {
    grant(instance) {
      const granted = turn.then(() => grant(instance))
      turn = granted.catch(() => undefined)
      return granted
    },
  }
}
