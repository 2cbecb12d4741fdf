import { processKill } from '#contracts/faults/catalogue/process-kill.ts'
import { processPause } from '#contracts/faults/catalogue/process-pause.ts'
import { processShutdown } from '#contracts/faults/catalogue/process-shutdown.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { Replica } from '../replicas/replica.ts'
import type { Perform, Performance, Tell } from './performance.ts'

/**
 * Faults of a worker's processes: dead or standing still until the fault ends. They hold for the replicas that are there
 * when the fault begins.
 */
export function processFaults(replicas: () => readonly Replica[]): Perform {
  return (fault, tell) => {
    const victims = replicas().filter(
      (replica) => fault.instance === undefined || replica.status().instance === fault.instance,
    )
    if (victims.length === 0) return impossible(noVictim(fault))
    return deeds.get(fault.type)?.(victims, fault, tell) ?? impossible(`a sidecar cannot do ${fault.type} to a process`)
  }
}

type Deed = (victims: readonly Replica[], fault: HeldFault, tell: Tell) => Performance

/** By type: what is done to each process. */
const deeds: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  [processKill.type, (victims, { id }, tell) => dead(victims, { id, graceMs: 0, detail: 'killed by a fault' }, tell)],
  [
    processShutdown.type,
    (victims, { id, params }, tell) => {
      const { graceMs } = processShutdown.params.parse(params)
      return dead(victims, { id, graceMs, detail: 'shut down by a fault' }, tell)
    },
  ],
  [processPause.type, (victims, _, tell) => stopped(victims, tell)],
])

function dead(
  victims: readonly Replica[],
  { id, graceMs, detail }: { id: string; graceMs: number; detail: string },
  tell: Tell,
): Performance {
  const ends = victims.map(async (replica) => {
    tell.hit(await replica.hold(id, { graceMs, detail }))
  })
  return {
    begun: Promise.all(ends).then(() => undefined),
    async undo() {
      for (const replica of victims) replica.release(id)
      // One that takes long to end may still be ending when its time is over: that it did is what the fault is for.
      await Promise.allSettled(ends)
    },
  }
}

const askAgainMs = 100

/** Stops each process as soon as there is one: a replica that is just starting is stopped when it has started. */
function stopped(victims: readonly Replica[], tell: Tell): Performance {
  let undone = false
  const pauses = victims.map(async (replica) => {
    while (!undone && replica.status().pid === null) await new Promise((resolve) => setTimeout(resolve, askAgainMs))
    if (!undone) tell.hit(await replica.pause())
  })
  return {
    begun: Promise.allSettled(pauses).then((results) => {
      const [first] = results
      // One that was just starting again could not be stopped; the fault is where another was.
      if (first?.status === 'rejected' && results.every(({ status }) => status === 'rejected')) throw first.reason
    }),
    async undo() {
      undone = true
      await Promise.allSettled(pauses)
      await Promise.all(victims.map((replica) => replica.resume()))
    },
  }
}

function noVictim({ instance }: HeldFault): string {
  return instance === undefined ? 'no replica is wanted' : `there is no replica ${instance}`
}

/** It cannot be done; `reason` says why. */
export function impossible(reason: string): Performance {
  const begun = Promise.reject(new Error(reason))
  begun.catch(() => undefined)
  return { begun, undo: async () => undefined }
}
