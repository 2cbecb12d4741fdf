import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { junitOf } from '#contracts/narration/junit.ts'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { runReport } from '../output/run-report.ts'

export function addReport(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description('judge a run again from its journal, without a lab')
    .argument('<journal>', 'file that `faultline run --journal` wrote')
    .option('--json', 'print JSON')
    .option('--junit <file>', 'write a JUnit report')
    .addHelpText(
      'after',
      '\nExits like `faultline run`.\n\nExamples:\n  faultline report run.jsonl\n  faultline report run.jsonl --junit report.xml',
    )
    .action(async (file: string, options: { json?: boolean; junit?: string }) => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        throw new CommandError(
          `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
          exitCodes.invalid,
        )
      })
      const { lines, problem } = readJournal(text)
      if (lines.length === 0) throw new CommandError(`${file} is no journal of a run: ${problem}`, exitCodes.invalid)
      const run = narratedRun(lines, problem === undefined ? {} : { problem })
      if (options.junit !== undefined) await writeFile(options.junit, junitOf([run]))
      if (options.json) context.output.line(JSON.stringify(run, undefined, 2))
      else for (const line of runReport(run)) context.output.line(line)
      context.exitWith(exitCodes[run.verdict ?? 'inconclusive'])
    })
}
