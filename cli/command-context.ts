import type { Command } from 'commander'
import { type LabClient, openLabClient } from './client/lab-client.ts'
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts'
import type { Output } from './output/output.ts'

/** Output, environment and cancellation of a command. */
export interface CommandContext {
  output: Output
  /** A line on standard error. */
  complain(line: string): void
  env: NodeJS.ProcessEnv
  /** Aborted by Ctrl-C or SIGTERM. */
  signal: AbortSignal
  /** From here on Ctrl-C and SIGTERM are the command's own to deal with; `signal` is then never aborted. */
  takeSignals(): void
  /** What the command exits with, if it is not 0. */
  exitWith(code: ExitCode): void
}

export interface SharedOptions {
  url?: string
  token?: string
  json?: boolean
}

/** Address and token of the lab that is asked for; undefined if neither option nor environment names one. */
export function givenLab({ env }: CommandContext, { url, token }: SharedOptions): LabClient | undefined {
  const address = url ?? env.FAULTLINE_URL
  return address === undefined || address === '' ? undefined : openLabClient(address, token ?? env.FAULTLINE_TOKEN)
}

/** The lab that is asked for, by default the one on this machine. */
export const labOf = (context: CommandContext, options: SharedOptions): LabClient =>
  givenLab(context, options) ?? openLabClient('http://127.0.0.1:3000', options.token ?? context.env.FAULTLINE_TOKEN)

/** Adds the options of every command that talks to a lab. */
export const withLab = (command: Command): Command =>
  command
    .option('--url <url>', 'address of a running lab (FAULTLINE_URL)')
    .option('--token <token>', 'its token (FAULTLINE_TOKEN)')
    .option('--json', 'print JSON')

/** A whole number from an option. Throws a `CommandError` for anything else. */
export function wholeNumber(name: string, text: string, max = 2 ** 31 - 1): number {
  const value = Number(text)
  if (/^\d{1,10}$/.test(text) && value <= max) return value
  throw new CommandError(`${name} takes a whole number from 0 to ${max}, not "${text}"`, exitCodes.invalid)
}
