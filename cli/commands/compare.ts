import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { durationInWords } from '#contracts/scenario/values.ts'
import { compareRuns } from '#contracts/scenario-run/compare-runs.ts'
import { type ComparedFigure, worsening } from '#contracts/scenario-run/compared-figures.ts'
import type { Finding } from '#contracts/scenario-run/finding.ts'
import { type RecordedRun, readRecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import { type CommandContext, labOf, type SharedOptions, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { columns } from '../output/columns.ts'
import { readInput } from '../read-input.ts'

interface CompareOptions extends SharedOptions {
  tolerate: string[]
}

export function addCompare(program: Command, context: CommandContext): void {
  withLab(program.command('compare'))
    .description('compare two runs of one scenario: their figures and their checks')
    .argument('<a>', 'journal file, or id of a run of the lab')
    .argument('<b>', 'the same; what is worse is said of this one')
    .option(
      '--tolerate <figure=percent>',
      'exit with 1 where B is worse by more than this; several times for several',
      collect,
      [],
    )
    .addHelpText(
      'after',
      `
Without --tolerate it exits with 0 whatever differs.

Examples:
  faultline compare before.jsonl after.jsonl
  faultline compare before.jsonl after.jsonl --tolerate "delivery.latency.p99 consumer-db=20%"`,
    )
    .action(async (a: string, b: string, options: CompareOptions) => {
      const [first, second] = [await runFrom(a, options, context), await runFrom(b, options, context)]
      const compared = compareRuns(first, second)
      const limits = options.tolerate.map((text) => limitOf(text, compared.figures))
      const broken = limits.filter(({ figure, share }) => worsening(figure) > share)
      if (options.json)
        context.output.line(
          JSON.stringify({ ...compared, exceeded: broken.map(({ figure }) => figure.name) }, undefined, 2),
        )
      else {
        for (const remark of compared.remarks) context.output.line(remark)
        const rows = compared.figures.map((figure) => [
          figure.name,
          shown(figure.a, figure),
          shown(figure.b, figure),
          difference(figure),
        ])
        for (const line of columns([['', 'A', 'B', ''], ...rows])) context.output.line(line)
        for (const check of compared.checks) context.output.line(`${check.id}: ${check.a}, then ${check.b}`)
        for (const line of compared.findings.flatMap(findingLines)) context.output.line(line)
        for (const { figure, share } of broken)
          context.output.line(`${figure.name} is worse by more than ${share * 100}%`)
      }
      if (broken.length > 0) context.exitWith(exitCodes.fail)
    })
}

const collect = (value: string, before: string[]): string[] => [...before, value]

async function runFrom(given: string, options: SharedOptions, context: CommandContext): Promise<RecordedRun> {
  const text = existsSync(given)
    ? await readInput(given)
    : await labOf(context, options).text(`/api/scenarios/runs/${encodeURIComponent(given)}/journal`)
  const { recorded, problem } = readRecordedRun(text)
  if (!recorded) throw new CommandError(`${given} is not a journal of a run: ${problem}`, exitCodes.invalid)
  return recorded
}

/** A finding, and below it the lines of the journals that say it. */
function findingLines({ claim, detail, evidence }: Finding, index: number): string[] {
  const places = evidence.map(
    ({ side, line, at, kind, text }) =>
      `   ${side.toUpperCase()} line ${line}, ${(at / 1_000).toFixed(1)}s: ${kind} ${text}`,
  )
  return ['', `${index + 1}. ${claim} ${detail}`.trimEnd(), ...places]
}

function limitOf(text: string, figures: readonly ComparedFigure[]): { figure: ComparedFigure; share: number } {
  const [name = '', percent = ''] = text.split('=')
  const figure = figures.find((one) => one.name === name)
  if (!figure) {
    const names = figures.map((one) => one.name)
    throw new CommandError(`--tolerate: there is no figure "${name}"; ${nameRemedy(name, names)}`, exitCodes.invalid)
  }
  if (figure.worse === 'neither')
    throw new CommandError(`--tolerate: "${name}" differs, but is neither better nor worse`, exitCodes.invalid)
  if (!/^\d+(\.\d+)?%$/.test(percent))
    throw new CommandError(`--tolerate takes figure=20%, not "${text}"`, exitCodes.invalid)
  return { figure, share: Number.parseFloat(percent) / 100 }
}

const shown = (value: number | null, { unit }: ComparedFigure): string =>
  value === null ? 'none' : unit === 'ms' ? durationInWords(value) : String(value)

function difference(figure: ComparedFigure): string {
  const { a, b } = figure
  if (a === null || a === b) return ''
  if (b === null) return 'worse'
  const by = worsening(figure)
  const percent = a === 0 ? '' : `${b > a ? '+' : ''}${Math.round(((b - a) / a) * 100)}% `
  if (figure.worse === 'neither') return percent.trimEnd()
  return `${percent}${by > 0 ? 'worse' : 'better'}`
}
