import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import type { WorldAnswer, WorldTask } from './world.ts'

/** What a sentence about its end calls it. */
export const ledgerProcess = "the ledger's process"

export interface World {
  /** The world's report once the whole backlog was published. */
  grown: WorldAnswer
  ask(task: WorldTask): Promise<WorldAnswer>
  /** CPU microseconds a message: so many are published, and as many of the oldest handled. */
  round(messages: number): Promise<number>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** A process with the ledger, and `outstanding` messages that nobody has handled; its telemetry is on disk in `directory`. */
export async function startWorld(outstanding: number, directory: string): Promise<World> {
  const child = startProgram('world', [String(outstanding), directory])
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const ask = async (task: WorldTask): Promise<WorldAnswer> => {
    child.send(task)
    return answerOf<WorldAnswer>(child, ledgerProcess)
  }
  try {
    const grown = await answerOf<WorldAnswer>(child, ledgerProcess)
    return { grown, ask, kill, round: async (messages) => (await ask({ rounds: messages })).cpuUs / messages }
  } catch (error) {
    await kill()
    throw error
  }
}

export function startProgram(program: 'world' | 'planes' | '../history/world', given: string[]): ChildProcess {
  const path = fileURLToPath(new URL(`./${program}.ts`, import.meta.url))
  return fork(path, given, { execArgv: ['--import', 'tsx', '--expose-gc', '--max-old-space-size=6144'] })
}
