import { z } from 'zod'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const countsFile = z.record(z.string(), z.int().min(1).max(16))

/** How many replicas each worker shall have: as the lab file says, until a user says otherwise. */
export interface ReplicaCounts {
  all(): Record<string, number>
  /** Undefined where no worker has this name. */
  of(service: string): number | undefined
  /** Stored before it counts. One change at a time. Rejects where the data folder cannot be written. */
  set(service: string, replicas: number): Promise<void>
}

/** Counts of workers that are no longer declared are left out, and stay in the file. */
export async function openReplicaCounts(
  path: string,
  declaration: () => Pick<LabDeclaration, 'services'>,
): Promise<ReplicaCounts> {
  let stored = (await readStateFile(path, countsFile)) ?? {}
  let turn: Promise<unknown> = Promise.resolve()

  const store = async (service: string, replicas: number): Promise<void> => {
    const next = { ...stored, [service]: replicas }
    await writeStateFile(path, next)
    stored = next
  }

  return {
    all: () => Object.fromEntries(declaration().services.map(({ name, replicas }) => [name, stored[name] ?? replicas])),
    of: (service) => {
      const found = declaration().services.find(({ name }) => name === service)
      return found && (stored[service] ?? found.replicas)
    },
    set(service, replicas) {
      const done = turn.then(() => store(service, replicas))
      turn = done.catch(() => undefined)
      return done
    },
  }
}
