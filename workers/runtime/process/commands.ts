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
  /** Carries out one. Rejects if it cannot. */
  run(command: WorkerCommand): Promise<PublishResult[] | undefined>
  on<Kind extends WorkerCommand['kind']>(kind: Kind, handler: CommandHandler<Kind>): void
  /** Reads commands, one a line, until the input ends. */
  listen(input: Readable, onEnd: () => void): void
}

/**
 * Carries out commands side by side and replies to each. `onUnreadable` is called with a line that is not a command. `ofSeat` gives the commands
 * of a seat where the process hosts several services.
 */
export function createCommands(
  reply: (reply: CommandReply) => void,
  onUnreadable: (problem: string) => void,
  ofSeat: (seat: number) => Pick<Commands, 'run'> | undefined = () => undefined,
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
    else if (command.kind === 'seats.open') await (handlers['seats.open'] ?? missing())(command)
    else if (command.kind === 'seats.close') await (handlers['seats.close'] ?? missing())(command)
    else if (command.kind === 'burst.start') await (handlers['burst.start'] ?? missing())(command)
    else await (handlers['burst.stop'] ?? missing())(command)
    return undefined
  }

  async function carryOut(seat: number | undefined, command: WorkerCommand): Promise<PublishResult[] | undefined> {
    if (seat === undefined) return run(command)
    const commands = ofSeat(seat)
    if (commands === undefined) throw new UnknownCommand(`this process has no seat ${seat}`)
    return commands.run(command)
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
    const { id, seat, command } = parsed.data
    carryOut(seat, command).then(
      (results) => reply({ id, ok: true, ...(results === undefined ? {} : { results }) }),
      (error: unknown) => reply({ id, ok: false, error: errorInfoOf(error) }),
    )
  }

  return {
    run,
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
