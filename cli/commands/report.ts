import type { Command } from 'commander'
import { reportPage } from '#contracts/html-report/report-page.ts'
import { junitOf } from '#contracts/narration/junit.ts'
import { narratedRun } from '#contracts/narration/narrated-run.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { runReport } from '../output/run-report.ts'
import { checkOutput, writeOutput } from '../output/write-output.ts'
import { readInput } from '../read-input.ts'

export function addReport(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description('judge a run again from its journal, without a lab')
    .argument('<journal>', 'file that `faultline run --journal` wrote')
    .option('--json', 'print JSON')
    .option('--junit <file>', 'write a JUnit report')
    .option('--html <file>', 'write one HTML file that opens without a lab and without a network')
    .addHelpText(
      'after',
      '\nExits like `faultline run`.\n\nExamples:\n  faultline report run.jsonl\n  faultline report run.jsonl --junit report.xml\n  faultline report run.jsonl --html report.html',
    )
    .action(async (file: string, options: { json?: boolean; junit?: string; html?: string }) => {
      for (const out of [options.junit, options.html]) if (out !== undefined) await checkOutput(out)
      const text = await readInput(file)
      const { lines, problem } = readJournal(text)
      if (lines.length === 0) throw new CommandError(`${file} is not a journal of a run: ${problem}`, exitCodes.invalid)
      const run = narratedRun(lines, problem === undefined ? {} : { problem })
      if (options.junit !== undefined) await writeOutput(options.junit, junitOf([run]))
      if (options.html !== undefined) {
        const page = reportPage(lines, problem === undefined ? {} : { problem })
        await writeOutput(options.html, page)
        if (!options.json) context.output.line(`${options.html}: ${Math.ceil(Buffer.byteLength(page) / 1_024)} KiB`)
      }
      if (options.json) context.output.line(JSON.stringify(run, undefined, 2))
      else for (const line of runReport(run)) context.output.line(line)
      context.exitWith(exitCodes[run.verdict ?? 'inconclusive'])
    })
}
