import { z } from 'zod'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const countsFile = z.record(z.string(), z.int().min(1).max(16))

/** How many replicas each worker shall have: as the lab file says, until a user says otherwise. */
export interface ReplicaCounts {
  all(): Record<string, number>
  /** Undefined if no worker has this name. */
  of(service: string): number | undefined
  /** These services have as many as the lab file says. Rejects if the data folder cannot be written. */
  forget(services: readonly string[]): Promise<void>
  /** Stored before it counts. One change at a time. Rejects if the data folder cannot be written. */
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

  const forget = async (services: readonly string[]): Promise<void> => {
    const next = Object.fromEntries(Object.entries(stored).filter(([name]) => !services.includes(name)))
    if (Object.keys(next).length === Object.keys(stored).length) return
    await writeStateFile(path, next)
    stored = next
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  return {
    all: () => Object.fromEntries(declaration().services.map(({ name, replicas }) => [name, stored[name] ?? replicas])),
    of: (service) => {
      const found = declaration().services.find(({ name }) => name === service)
      return found && (stored[service] ?? found.replicas)
    },
    forget: (services) => inTurn(() => forget(services)),
    set: (service, replicas) => inTurn(() => store(service, replicas)),
  }
}
