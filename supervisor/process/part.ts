import { existsSync } from 'node:fs'
import type { Command, ReportProgress } from './command.ts'

/** Messages to and from a child over its IPC channel. */
export interface PartChannel {
  /** A process of it has started; `send` reaches it for as long as it lives. */
  opened(send: (message: object) => void): void
  message(message: unknown): void
  closed(): void
}

/** A child of the supervisor, as data: a process of this project's, or any other program. */
export interface Part {
  name: string
  /** Makes ready whatever it needs and gives the program. Run before every start, restarts too; rejects with a sentence. */
  command: (progress: ReportProgress, signal: AbortSignal) => Promise<Command>
  env: NodeJS.ProcessEnv
  /** Port it listens on, kept over restarts. */
  port?: number
  /** When it is ready: at once, when it prints its ready line, or when this resolves. */
  ready: 'at-once' | 'line' | ((signal: AbortSignal) => Promise<void>)
  /**
   * Whether it is a process of this project's: it ends with its standard input, and what it prints is meant for this
   * terminal. Another program is run under a shell that watches for it, and what it prints goes to its log file.
   */
  ours: boolean
  /** How long it may take to stop, in milliseconds. */
  graceMs: number
  channel?: PartChannel
}

/** A built file of this project's, run by this Node with `flags`. */
export function builtProcess(name: string, entry: string, flags: readonly string[] = []): Part['command'] {
  return async () => {
    if (!existsSync(entry)) throw new Error(`${name} is not built: ${entry} is missing`)
    return { program: process.execPath, args: [...flags, entry] }
  }
}
