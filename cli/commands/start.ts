import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts'
import { packageRoot } from '../package-root.ts'

/** What is used of the built supervisor, which no command imports: it is a program of its own. */
interface Supervisor {
  supervise(options: {
    root: string
    dist: string
    only?: string | undefined
    lab?: string | undefined
    folder: string
    home: string
  }): Promise<number>
}

/** Adds `start`: the lab of `npm start`, without installing and building. Data folder and `.env` are those of the working folder. */
export function addStart(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('start a lab, which runs until Ctrl-C')
    .option('--lab <file>', 'lab file. Default: FAULTLINE_LAB, else ./faultline.yaml, else the built-in lab')
    .option('--only <part>', 'start one part alone: sns-sqs, the simulator of SNS and SQS')
    .addHelpText(
      'after',
      `
Settings come from the environment and from ./.env, for example PORT, BROKER and FAULTLINE_DATA_DIR (default ./.faultline).

Exit codes: 0 stopped in order, 1 could not start, 130 ended at once by a second Ctrl-C.

Examples:
  faultline start
  faultline start --lab faultline.yaml
  PORT=4000 BROKER=kafka faultline start`,
    )
    .action(async ({ lab, only }: { lab?: string; only?: string }) => {
      const dist = join(packageRoot, 'dist')
      const built = join(dist, 'supervisor.js')
      if (!existsSync(built))
        throw new CommandError(`nothing is built in ${packageRoot}: run npm start there, which builds`, exitCodes.fail)
      const { supervise } = (await import(pathToFileURL(built).href)) as Supervisor
      context.takeSignals()
      const folder = process.cwd()
      context.exitWith(exitCodeOf(await supervise({ root: packageRoot, dist, only, lab, folder, home: folder })))
    })
}

function exitCodeOf(code: number): ExitCode {
  if (code === exitCodes.pass || code === exitCodes.interrupted) return code
  return exitCodes.fail
}
