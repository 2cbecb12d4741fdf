import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { createReplica, type Replica } from './replica.ts'
import type { ReplicaOptions } from './replica-options.ts'
import { createRestartDelay } from './restart-delay.ts'

/** What shall run. */
export interface Target {
  broker: BrokerName
  count: number
}

/** The replicas of one worker: `consumer-db-1`, `consumer-db-2`, … */
export interface Replicas {
  all(): readonly Replica[]
  /** Makes it so, as soon as what was wanted before allows it. The latest word counts. */
  want(target: Target): void
  /** Why what is wanted cannot be done, for a person; what ran before runs on. */
  problem(): string | undefined
  /** Stops all, side by side, for good. */
  stop(graceMs: number): Promise<void>
}

export interface ReplicasOptions {
  service: string
  /** How long a replica that is not wanted any more may take to stop, in milliseconds. */
  graceMs: number
  optionsOf: (instance: string, broker: BrokerName) => Omit<ReplicaOptions, 'restartDelay'>
  /** Called before replicas start on a broker. Rejects if none can run on it. */
  openBroker: (broker: BrokerName) => Promise<void>
  /** Called when no replica is left on any other broker. */
  closeOtherBrokers: (broker: BrokerName) => Promise<void>
  onEvent: (level: 'info' | 'warn' | 'error', message: string) => void
  onChange: () => void
}

/**
 * SETTLED → MOVING → SETTLED, → ENDED.
 * MOVING: replicas on another broker and those beyond the count are stopped side by side, with their grace time; then
 * those that are missing are started. A word that comes meanwhile begins the move again from where it is. Where the
 * broker that is wanted cannot be used at all, nothing is stopped.
 */
export function createReplicas(options: ReplicasOptions): Replicas {
  const { service, onEvent } = options
  /** In the order of their numbers, without gaps when settled. */
  let list: { number: number; broker: BrokerName; replica: Replica }[] = []
  let wanted: Target | undefined
  let problem: string | undefined
  let moving = false
  let ended = false

  const outdated = (target: Target): boolean => ended || target !== wanted

  async function stopUnwanted({ broker, count }: Target): Promise<void> {
    const leaving = list.filter((entry) => entry.broker !== broker || entry.number > count)
    const reason = leaving.some((entry) => entry.broker !== broker) ? `moves to ${broker}` : `${count} are wanted`
    if (leaving.length > 0) onEvent('info', `stops ${leaving.length} of ${list.length} replicas: ${reason}`)
    await Promise.all(leaving.map(({ replica }) => replica.stop(options.graceMs, reason)))
    list = list.filter((entry) => !leaving.includes(entry))
  }

  function startMissing({ broker, count }: Target): void {
    for (let number = 1; number <= count; number += 1) {
      if (list.some((entry) => entry.number === number)) continue
      const restartDelay = createRestartDelay()
      const replica = createReplica({ ...options.optionsOf(`${service}-${number}`, broker), restartDelay })
      list.push({ number, broker, replica })
      replica.start()
    }
    list.sort((a, b) => a.number - b.number)
  }

  async function moveOnce(target: Target): Promise<void> {
    try {
      await options.openBroker(target.broker)
      problem = undefined
    } catch (error) {
      problem = `cannot run on ${target.broker}: ${error instanceof Error ? error.message : error}`
      onEvent('error', problem)
      return
    }
    if (outdated(target)) return
    await stopUnwanted(target)
    if (outdated(target)) return
    startMissing(target)
    await options.closeOtherBrokers(target.broker)
  }

  async function move(): Promise<void> {
    if (moving) return
    moving = true
    for (let done: Target | undefined; wanted && wanted !== done && !ended; ) {
      done = wanted
      await moveOnce(done)
      options.onChange()
    }
    moving = false
  }

  return {
    all: () => list.map(({ replica }) => replica),
    want(target) {
      if (target.broker === wanted?.broker && target.count === wanted.count && problem === undefined) return
      wanted = target
      void move()
    },
    problem: () => problem,
    async stop(graceMs) {
      ended = true
      await Promise.all(list.map(({ replica }) => replica.stop(graceMs)))
    },
  }
}
