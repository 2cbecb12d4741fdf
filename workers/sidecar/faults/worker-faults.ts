import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { CommandReply } from '#contracts/protocols/worker.ts'
import type { Replica } from '../replicas/replica.ts'
import type { Perform, Tell } from './performance.ts'

/** Faults that the workers themselves carry out: this only keeps their lists right. They report effects as telemetry. */
export interface WorkerFaults {
  perform: Perform
  /** What a process of this replica has to hold from its start. */
  of(instance: string): HeldFault[]
}

const askAgainMs = 250

export function createWorkerFaults(replicas: () => readonly Pick<Replica, 'status' | 'send'>[]): WorkerFaults {
  const standing = new Map<string, HeldFault>()

  const of = (instance: string): HeldFault[] =>
    [...standing.values()].filter((fault) => fault.instance === undefined || fault.instance === instance)

  /** Gives every process its list; resolves when all that run have it. One that ends meanwhile gets it at its next start. */
  async function spread(concerned: (instance: string) => boolean, tell: Tell, insist: boolean): Promise<void> {
    const victims = replicas().filter((replica) => concerned(replica.status().instance))
    await Promise.all(
      victims.map(async (replica) => {
        const { instance } = replica.status()
        for (;;) {
          const reply: CommandReply = await replica.send({ kind: 'faults', faults: of(instance) })
          if (reply.ok || reply.error.type === 'WorkerGone' || reply.error.type === 'WorkerUnavailable') return
          if (!insist) throw new Error(`${instance} did not take it: ${reply.error.message}`)
          tell.detail(`${instance} does not let go of it yet: ${reply.error.message}`)
          await new Promise((resolve) => setTimeout(resolve, askAgainMs))
        }
      }),
    )
    tell.detail(undefined)
  }

  return {
    of,
    perform(fault, tell) {
      const concerned = (instance: string): boolean => fault.instance === undefined || fault.instance === instance
      standing.set(fault.id, fault)
      return {
        begun: spread(concerned, tell, false),
        async undo() {
          standing.delete(fault.id)
          await spread(concerned, tell, true)
        },
      }
    },
  }
}
