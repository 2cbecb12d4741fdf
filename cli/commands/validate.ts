import type { Command } from 'commander'
import { scenarioCheck } from '#contracts/api/run.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { type FileProblem, problemInWords } from '#contracts/yaml-document/file-problem.ts'
import { type CommandContext, givenLab, type SharedOptions, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readSource } from '../scenario-source.ts'

export function addValidate(program: Command, context: CommandContext): void {
  withLab(program.command('validate'))
    .description('check scenario files; with --url also what they name against that lab')
    .argument('<scenario...>', 'files, or names of scenarios that are shipped')
    .addHelpText(
      'after',
      `
Every problem is named at once, with line, column and what to write instead. Exit codes: 0 valid, 2 not valid.

Examples:
  faultline validate my.yaml
  faultline validate my.yaml --url http://localhost:3000`,
    )
    .action(async (given: string[], options: SharedOptions) => {
      const client = givenLab(context, options)
      const results: { file: string; valid: boolean; problems: FileProblem[] }[] = []
      for (const name of given) {
        const source = await readSource(name).catch(unreadable)
        if (typeof source === 'string') {
          const problem = { line: 1, column: 1, path: '', cause: source, remedy: '' }
          results.push({ file: name, valid: false, problems: [problem] })
          context.exitWith(exitCodes.invalid)
          if (!options.json) context.complain(source)
          continue
        }
        const { file, text } = source
        const { scenario, problems: found } = readScenario(text)
        const inLab =
          scenario && client
            ? await client.send('POST', '/api/scenarios/runs', { scenario: text, dryRun: true }, scenarioCheck)
            : { problems: [] }
        const problems = [...found, ...inLab.problems]
        results.push({ file, valid: problems.length === 0, problems })
        if (problems.length > 0) context.exitWith(exitCodes.invalid)
        if (options.json) continue
        if (problems.length === 0) context.output.line(`${file}: valid`)
        for (const problem of problems) context.output.line(`${file}:${problemInWords(problem)}`)
      }
      if (options.json) context.output.line(JSON.stringify(results, undefined, 2))
    })
}

/** Why a file cannot be read, which keeps none of the others from being checked. */
function unreadable(error: unknown): string {
  if (error instanceof CommandError) return error.message
  throw error
}
