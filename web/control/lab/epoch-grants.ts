import { z } from 'zod'
import type { LabStore } from './lab-store.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const epochsFile = z.record(z.string(), z.int().min(0))

export interface EpochGrants {
  /** An epoch that no process of this instance ever had, stored before it is answered. */
  grant(instance: string): Promise<number>
  /** The same for many at a time, in their order. */
  grantAll(instances: readonly string[]): Promise<number[]>
}

/**
 * Epochs are kept twice: in a file of the data folder and in the database, and the higher one counts. So no identity is
 * used again when either is replaced, and a producer restarts while the database is away. The first epoch of an
 * instance in a data folder needs the database, which may know of earlier ones; without it `grant` rejects.
 */
export function createEpochGrants(path: string, store: Pick<LabStore, 'lastEpochs' | 'raiseEpochs'>): EpochGrants {
  let turn: Promise<unknown> = Promise.resolve()

  const grant = async (instances: readonly string[]): Promise<number[]> => {
    const epochs = (await readStateFile(path, epochsFile)) ?? {}
    const inDatabase = await store.lastEpochs(instances).catch((error: unknown) => {
      if (instances.some((instance) => epochs[instance] === undefined)) throw error
      return []
    })
    const granted = new Map(
      instances.map((instance, index) => [instance, Math.max(epochs[instance] ?? 0, inDatabase[index] ?? 0) + 1]),
    )
    await writeStateFile(path, { ...epochs, ...Object.fromEntries(granted) })
    // The file holds them; a database that is away now learns of them with the next grant.
    await store.raiseEpochs(granted).catch(() => undefined)
    return instances.map((instance) => granted.get(instance) ?? 1)
  }

  const grantAll = (instances: readonly string[]): Promise<number[]> => {
    const granted = turn.then(() => grant(instances))
    turn = granted.catch(() => undefined)
    return granted
  }
  return {
    grantAll,
    grant: async (instance) => (await grantAll([instance]))[0] ?? 1,
  }
}
