import { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { addCompare } from './commands/compare.ts'
import { addCompletion } from './commands/completion.ts'
import { addCompose } from './commands/compose.ts'
import { addFaultCommands } from './commands/faults.ts'
import { addImport } from './commands/import.ts'
import { addLab } from './commands/lab.ts'
import { addLedgerCommands } from './commands/ledger.ts'
import { addList } from './commands/list.ts'
import { addPublish } from './commands/publish.ts'
import { addRecord } from './commands/record.ts'
import { addReport } from './commands/report.ts'
import { addRun } from './commands/run.ts'
import { addStart } from './commands/start.ts'
import { addTail } from './commands/tail.ts'
import { addValidate } from './commands/validate.ts'

/** The `faultline` command with all that it can do. It throws if it is called wrongly, and ends no process. */
export function createProgram(context: CommandContext, version: string): Command {
  const program = new Command('faultline')
    .description('Run experiments on an event-driven system, and work with a running lab')
    .version(version)
    .showHelpAfterError('(faultline --help says more)')
    .showSuggestionAfterError()
  for (const add of [
    addStart,
    addRun,
    addValidate,
    addList,
    addReport,
    addRecord,
    addCompare,
    addFaultCommands,
    addPublish,
    addTail,
    addLedgerCommands,
    addLab,
    addImport,
    addCompose,
    addCompletion,
  ])
    add(program, context)
  // A command takes over what its program says of errors only if it was made of it.
  const takeOver = (command: Command): void => {
    command.exitOverride()
    for (const inner of command.commands) takeOver(inner)
  }
  takeOver(program)
  return program
}
