import { createReplica, type Replica, type ReplicaOptions } from './replica.ts'
import { createRestartDelay } from './restart-delay.ts'

/** The replicas of one worker: `consumer-db-1`, `consumer-db-2`, … */
export interface Replicas {
  all(): readonly Replica[]
  /** Starts those that are missing. */
  setReplicas(count: number): void
  /** Stops all, side by side. */
  stop(graceMs: number): Promise<void>
}

export function createReplicas(
  service: string,
  optionsOf: (instance: string) => Omit<ReplicaOptions, 'restartDelay'>,
): Replicas {
  const list: Replica[] = []
  return {
    all: () => list,
    setReplicas(count) {
      while (list.length < count) {
        const instance = `${service}-${list.length + 1}`
        const replica = createReplica({ ...optionsOf(instance), restartDelay: createRestartDelay() })
        list.push(replica)
        replica.start()
      }
    },
    async stop(graceMs) {
      await Promise.all(list.map((replica) => replica.stop(graceMs)))
    },
  }
}
