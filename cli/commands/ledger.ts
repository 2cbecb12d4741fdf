import type { Command } from 'commander'
import { auditReport, lastAudit } from '#contracts/api/audit.ts'
import { type LedgerReport, ledgerReport } from '#contracts/api/ledger.ts'
import { durationMs } from '#contracts/scenario/values.ts'
import { type CommandContext, labOf, type SharedOptions, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { columns } from '../output/columns.ts'

export function addLedgerCommands(program: Command, context: CommandContext): void {
  const { output } = context
  withLab(program.command('ledger'))
    .description('what became of every message, and the verdict')
    .addHelpText(
      'after',
      '\nExits with the verdict: 0 pass, 1 fail, 3 inconclusive.\n\nExamples:\n  faultline ledger\n  faultline ledger --json',
    )
    .action(async (options: SharedOptions) => {
      const report = await labOf(context, options).get('/api/ledger', ledgerReport)
      if (options.json) output.line(JSON.stringify(report, undefined, 2))
      else for (const line of ledgerLines(report)) output.line(line)
      context.exitWith(exitCodes[report.verdict.result])
    })
  withLab(program.command('audit'))
    .description('wait until nothing is under way, then compare telemetry, broker and effects message by message')
    .option('--timeout <duration>', 'how long to wait. Default 30s', '30s')
    .option('--last', 'shows the report of the last audit instead, as it was then')
    .addHelpText(
      'after',
      '\nExits with the verdict: 0 pass, 1 fail, 3 inconclusive.\n\nExamples:\n  faultline audit\n  faultline audit --timeout 2m\n  faultline audit --last',
    )
    .action(async (options: SharedOptions & { timeout: string; last?: true }) => {
      const timeoutMs = durationMs(options.timeout)
      if (timeoutMs === undefined)
        throw new CommandError(`--timeout takes 30s or 2m, not "${options.timeout}"`, exitCodes.invalid)
      const lab = labOf(context, options)
      const report = options.last
        ? (await lab.get('/api/audits/last', lastAudit)).report
        : await lab.send('POST', '/api/ledger/audit', { timeoutMs }, auditReport)
      if (report === null)
        throw new CommandError('no audit was made in this lab yet: faultline audit makes one', exitCodes.inconclusive)
      if (options.last && !options.json) output.line(`audited ${report.at}`)
      if (options.json) output.line(JSON.stringify(report, undefined, 2))
      else {
        for (const line of ledgerLines(report)) output.line(line)
        for (const { detail } of report.undrained) output.line(`under way: ${detail}`)
        for (const { kind, weight, group = '', count, detail } of report.disagreements)
          output.line(`${weight}: ${kind} ${group} ${count}: ${detail}`)
      }
      context.exitWith(exitCodes[report.verdict.result])
    })
}

function ledgerLines({ verdict, publishes, groups, anomalies }: LedgerReport): string[] {
  const publishRows = publishes.map(({ topic, ...figures }) => [topic, ...Object.values(figures).map(String)])
  const groupRows = groups.map(({ topic, group, ...figures }) => [group, topic, ...Object.values(figures).map(String)])
  return [
    verdict.result,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    ...(publishRows.length === 0
      ? []
      : ['', ...columns([['topic', ...headsOf(publishes[0], ['topic'])], ...publishRows])]),
    ...(groupRows.length === 0
      ? []
      : ['', ...columns([['group', 'topic', ...headsOf(groups[0], ['topic', 'group'])], ...groupRows])]),
    ...(anomalies.length === 0
      ? []
      : ['', ...columns(anomalies.map(({ name, count, meaning }) => [name, String(count), meaning]))]),
  ]
}

const headsOf = (row: object | undefined, without: string[]): string[] =>
  Object.keys(row ?? {})
    .filter((name) => !without.includes(name))
    .map((name) => name.replaceAll('_', ' '))
