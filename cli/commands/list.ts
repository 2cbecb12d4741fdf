import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { runItem } from '#contracts/api/run.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'
import { durationInWords } from '#contracts/scenario/values.ts'
import { type CommandContext, labOf, type SharedOptions, withLab } from '../command-context.ts'
import { columns } from '../output/columns.ts'
import { shippedFiles } from '../scenario-source.ts'

export function addList(program: Command, context: CommandContext): void {
  const { output } = context
  withLab(program.command('list'))
    .description('list the scenarios that are shipped, or with --runs the runs of a lab')
    .option('--runs', 'runs of the lab, newest first')
    .addHelpText('after', '\nExamples:\n  faultline list\n  faultline list --runs --url http://localhost:3000')
    .action(async (options: SharedOptions & { runs?: boolean }) => {
      if (options.runs) {
        const { items } = await labOf(context, options).get(
          '/api/scenarios/runs',
          z.object({ items: z.array(runItem) }),
        )
        if (options.json) return output.line(JSON.stringify(items, undefined, 2))
        const rows = items.map((run) => [
          run.id,
          run.name,
          run.broker,
          `seed ${run.seed}`,
          run.verdict ?? run.state,
          durationInWords(run.elapsedMs),
        ])
        for (const line of columns(rows)) output.line(line)
        return
      }
      const scenarios = await shipped()
      if (options.json) return output.line(JSON.stringify(scenarios, undefined, 2))
      for (const line of columns(scenarios.map(({ name, title, brokers }) => [name, brokers.join(', '), title])))
        output.line(line)
    })
}

async function shipped(): Promise<{ name: string; title: string; brokers: string[]; file: string }[]> {
  const files = await shippedFiles()
  const read = await Promise.all(files.map(async (file) => ({ file, ...readScenario(await readFile(file, 'utf8')) })))
  return read.flatMap(({ file, scenario }) => {
    if (!scenario) return []
    const { metadata, broker } = scenario.file
    return [{ name: metadata.name, title: metadata.title ?? '', brokers: [broker].flat(), file }]
  })
}
