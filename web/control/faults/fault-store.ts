import type { Logger } from 'pino'
import { z } from 'zod'
import { fault } from '#contracts/faults/fault.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'

/** A fault with what the control plane keeps beside what it shows. */
export const keptFault = z.object({
  fault,
  /** Done by cutting links, where the supervisor could not stop the broker. */
  byLinks: z.boolean(),
  /** Hits of each process that reported any. */
  hitsBy: z.record(z.string(), z.int()),
})
export type KeptFault = z.infer<typeof keptFault>

const faultsFile = z.object({ faults: z.array(keptFault) })

/** Faults on disk, so that a control plane that starts finds those in effect. */
export interface FaultStore {
  load(): Promise<KeptFault[]>
  /** Writes soon; the latest call wins. A disk that fails is reported in the log. */
  save(faults: readonly KeptFault[]): void
  /** Resolves when what was saved is written. */
  flush(): Promise<void>
}

export function createFaultStore(path: string, log: Logger): FaultStore {
  let pending: readonly KeptFault[] | undefined
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    while (pending) {
      const faults = pending
      pending = undefined
      await writeStateFile(path, { faults }).catch((error: unknown) => {
        log.error({ err: error }, `the faults could not be kept in ${path}; a restart will not know of them`)
      })
    }
    writing = undefined
  }

  return {
    async load() {
      try {
        return (await readStateFile(path, faultsFile))?.faults ?? []
      } catch (error) {
        log.error({ err: error }, `${path} cannot be read; faults of an earlier run are taken from the sidecars`)
        return []
      }
    },
    save(faults) {
      pending = faults
      writing ??= write()
    },
    flush: () => writing ?? Promise.resolve(),
  }
}
