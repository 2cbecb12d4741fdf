import type { AgentCommand } from '#contracts/protocols/agent.ts'
import type { CommandReply, WorkerCommand } from '#contracts/protocols/worker.ts'
import type { Replica } from './replicas/replica.ts'

/** Hands commands to replicas. Never rejects. */
export interface CommandRouter {
  route(command: AgentCommand): Promise<CommandReply>
  /** To every replica that runs. */
  toAll(command: WorkerCommand): Promise<CommandReply>
}

/**
 * A command without a target goes to the replicas that are up in turn. One that concerns all of them (a configuration, the
 * end of a burst, which only one of them runs) goes to all.
 */
export function createCommandRouter(replicas: () => readonly Replica[]): CommandRouter {
  let turn = 0

  function unavailable(): CommandReply {
    const states = replicas().map((replica) => {
      const { instance, state, detail } = replica.status()
      return `${instance} is ${state}${detail === undefined ? '' : ` (${detail})`}`
    })
    const message = states.length === 0 ? 'no replica is wanted' : states.join('; ')
    return { id: 0, ok: false, error: { type: 'WorkerUnavailable', message } }
  }

  async function toAll(command: WorkerCommand): Promise<CommandReply> {
    const running = replicas().filter((replica) => replica.status().pid !== null)
    const all = await Promise.all(running.map((replica) => replica.send(command)))
    // A replica that went away meanwhile is given the newest configuration when it starts again.
    return all.find((reply) => !reply.ok && reply.error.type !== 'WorkerGone') ?? { id: 0, ok: true }
  }

  return {
    toAll,
    async route({ target, command }) {
      if (target !== undefined) {
        const replica = replicas().find((candidate) => candidate.status().instance === target)
        return replica ? replica.send(command) : unavailable()
      }
      if (command.kind === 'configure' || command.kind === 'burst.stop') return toAll(command)
      const up = replicas().filter((replica) => replica.status().state === 'up')
      turn += 1
      return up[turn % up.length]?.send(command) ?? unavailable()
    },
  }
}
