import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type CommandReply, commandLine, type PublishResult, type WorkerCommand } from '#contracts/protocols/worker.ts'
import { errorInfoOf } from './error-info.ts'

/** Does what a command says; throws (or rejects) where it cannot. `publish` answers one result per event, in order. */
export type CommandHandler<Kind extends WorkerCommand['kind']> = (
  command: Extract<WorkerCommand, { kind: Kind }>,
) => Kind extends 'publish' ? Promise<PublishResult[]> : unknown

/** The sidecar asked for something that this worker does not do. */
class UnknownCommand extends Error {
  override readonly name = 'UnknownCommand'
}

export interface Commands {
  on<Kind extends WorkerCommand['kind']>(kind: Kind, handler: CommandHandler<Kind>): void
  /** Reads commands, one a line, until the input ends. */
  listen(input: Readable, onEnd: () => void): void
}

/** Carries out commands side by side and replies to each. `onUnreadable` is told of a line that is not a command. */
export function createCommands(
  reply: (reply: CommandReply) => void,
  onUnreadable: (problem: string) => void,
): Commands {
  const handlers: { [Kind in WorkerCommand['kind']]?: CommandHandler<Kind> } = {}

  async function run(command: WorkerCommand): Promise<PublishResult[] | undefined> {
    const missing = (): never => {
      throw new UnknownCommand(`this worker does not take the command ${command.kind}`)
    }
    if (command.kind === 'publish') return (handlers.publish ?? missing())(command)
    if (command.kind === 'configure') await (handlers.configure ?? missing())(command)
    else if (command.kind === 'faults') await (handlers.faults ?? missing())(command)
    else if (command.kind === 'crashes') await (handlers.crashes ?? missing())(command)
    else if (command.kind === 'burst.start') await (handlers['burst.start'] ?? missing())(command)
    else await (handlers['burst.stop'] ?? missing())(command)
    return undefined
  }

  function take(line: string): void {
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch (error) {
      onUnreadable(`a line on standard input is not JSON: ${errorInfoOf(error).message}`)
      return
    }
    const parsed = commandLine.safeParse(json)
    if (!parsed.success) {
      onUnreadable(`a line on standard input is no command: ${parsed.error.message}`)
      return
    }
    const { id, command } = parsed.data
    run(command).then(
      (results) => reply({ id, ok: true, ...(results === undefined ? {} : { results }) }),
      (error: unknown) => reply({ id, ok: false, error: errorInfoOf(error) }),
    )
  }

  return {
    on(kind, handler) {
      Object.assign(handlers, { [kind]: handler })
    },
    listen(input, onEnd) {
      let ended = false
      const end = (): void => {
        if (ended) return
        ended = true
        onEnd()
      }
      input.on('error', end)
      createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take).on('close', end)
    },
  }
}
