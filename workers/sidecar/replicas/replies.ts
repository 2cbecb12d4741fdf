import type { z } from 'zod'
import type { CommandReply, commandLine, WorkerCommand } from '#contracts/protocols/worker.ts'

/** Commands that one process was given, and its answers. */
export interface Replies {
  /** Resolves with the process's reply, or with an error reply `CommandTimeout` or `WorkerGone`. */
  send(command: WorkerCommand, seat?: number): Promise<CommandReply>
  take(reply: CommandReply): void
  /** The process is gone: what is open is answered with `WorkerGone`. */
  abandon(reason: string): void
}

export function openReplies(writeLine: (line: string) => void, timeoutMs: number): Replies {
  const open = new Map<number, (reply: CommandReply) => void>()
  let lastId = 0

  return {
    send(command, seat) {
      lastId += 1
      const id = lastId
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          const message = `the worker did not answer ${command.kind} within ${timeoutMs} ms`
          settle({ id, ok: false, error: { type: 'CommandTimeout', message } })
        }, timeoutMs)
        const settle = (reply: CommandReply): void => {
          clearTimeout(timer)
          open.delete(id)
          resolve(reply)
        }
        open.set(id, settle)
        writeLine(
          JSON.stringify({ id, ...(seat === undefined ? {} : { seat }), command } satisfies z.input<
            typeof commandLine
          >),
        )
      })
    },
    take: (reply) => open.get(reply.id)?.(reply),
    abandon(reason) {
      for (const [id, settle] of open) settle({ id, ok: false, error: { type: 'WorkerGone', message: reason } })
    },
  }
}
