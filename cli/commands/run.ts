import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type Run, run as runSchema } from '#contracts/api/run.ts'
import { type InvalidScenario, junitOf } from '#contracts/narration/junit.ts'
import { readScenario, type Scenario } from '#contracts/scenario/read-scenario.ts'
import { problemInWords } from '#contracts/yaml-document/file-problem.ts'
import { type LabClient, LabRefusal } from '../client/lab-client.ts'
import { patiently } from '../client/patiently.ts'
import { type CommandContext, givenLab, type SharedOptions, wholeNumber, withLab } from '../command-context.ts'
import { CommandError, type ExitCode, exitCodes, worstOf } from '../exit-codes.ts'
import { createRunProgress } from '../output/run-progress.ts'
import { runReport } from '../output/run-report.ts'
import { checkOutput, writeOutput } from '../output/write-output.ts'
import { type OwnLab, startOwnLab } from '../own-lab/own-lab.ts'
import { packageRoot } from '../package-root.ts'
import { readSource } from '../scenario-source.ts'

interface RunOptions extends SharedOptions {
  broker?: string
  lab?: string
  seed?: string
  junit?: string
  journal?: string
}

const pollMs = 250
/** A lab stops the run of a command that was killed: it asks no more. */
const abandonAfterMs = 30_000

export function addRun(program: Command, context: CommandContext): void {
  withLab(program.command('run'))
    .description('run scenarios and judge them')
    .argument('<scenario...>', 'files, or names of scenarios that are shipped')
    .option('--broker <name>', 'broker to run on: local, redis or kafka')
    .option('--lab <file>', 'lab file of the lab that is started. Default: the shipped one that the scenario names')
    .option('--seed <number>', 'seed in place of that of the file')
    .option('--junit <file>', 'write a JUnit report')
    .option('--journal <file>', 'write the journal of the run; `faultline report` reads it')
    .addHelpText(
      'after',
      `
Without --url a lab is started for it and stopped afterwards.

Exit codes: 0 pass, 1 fail, 2 not a valid scenario, 3 inconclusive, 130 interrupted.

Examples:
  faultline run consumer-crash-and-retry
  faultline run scenarios/*.yaml --junit report.xml
  faultline run my.yaml --url http://localhost:3000 --seed 7`,
    )
    .action((given: string[], options: RunOptions) => runAll(given, options, context))
}

async function runAll(given: string[], options: RunOptions, context: CommandContext): Promise<void> {
  const seed = options.seed === undefined ? undefined : wholeNumber('--seed', options.seed)
  if (options.journal !== undefined && given.length > 1)
    throw new CommandError('--journal is the file of one run; give one scenario', exitCodes.invalid)
  for (const out of [options.junit, options.journal]) if (out !== undefined) await checkOutput(out)
  const runs: Run[] = []
  const invalid: InvalidScenario[] = []
  const codes: ExitCode[] = []
  const labs = createLabs(options, context)
  try {
    for (const name of given) {
      if (context.signal.aborted) break
      const { file, text } = await readSource(name)
      const { scenario, problems } = readScenario(text)
      // Some reasons have no place in the file: a lab that runs on another broker.
      const refuse = (places: string[], reason = 'the scenario is not valid'): void => {
        for (const place of places) context.complain(`${file}:${place}`)
        if (places.length === 0) context.complain(`${file}: ${reason}`)
        invalid.push({ name: file, problems: places.length === 0 ? [reason] : places })
        codes.push(exitCodes.invalid)
      }
      if (!scenario) {
        refuse(problems.map(problemInWords))
        continue
      }
      try {
        const client = await labs.for(scenario)
        const run = await follow(client, { scenario: text, ...(seed === undefined ? {} : { seed }) }, options, context)
        runs.push(run)
        codes.push(context.signal.aborted ? exitCodes.interrupted : exitCodes[run.verdict ?? 'inconclusive'])
        if (options.journal !== undefined)
          await writeOutput(options.journal, await client.text(`/api/scenarios/runs/${run.id}/journal`))
      } catch (error) {
        if (!(error instanceof LabRefusal) || error.problem.code !== 'invalid_scenario') throw error
        refuse(
          (error.problem.errors ?? []).map(
            ({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`,
          ),
          error.problem.detail,
        )
      }
    }
  } finally {
    await labs.stop()
    if (options.junit !== undefined) await writeOutput(options.junit, junitOf(runs, invalid))
  }
  if (options.json)
    context.output.line(
      JSON.stringify(given.length === 1 ? (runs[0] ?? invalid[0]) : [...runs, ...invalid], undefined, 2),
    )
  context.exitWith(context.signal.aborted ? exitCodes.interrupted : worstOf(codes))
}

/** The lab that was asked for, or one for each broker that scenarios need, started when the first of them comes. */
function createLabs(options: RunOptions, context: CommandContext) {
  const given = givenLab(context, options)
  let own: { key: string; lab: OwnLab; client: LabClient } | undefined
  const stop = async (): Promise<void> => {
    const lab = own?.lab
    own = undefined
    await lab?.stop()
  }
  return {
    stop,
    async for({ file }: Scenario): Promise<LabClient> {
      if (given) return given
      const named = [file.broker].flat()[0]
      const broker = options.broker ?? (named === undefined || named === 'any' ? 'local' : named)
      const labFile = labFileFor(file.lab, options.lab)
      const key = `${broker} ${labFile ?? ''}`
      if (own?.key === key) return own.client
      await stop()
      if (!options.json) context.output.line(`starting a lab on ${broker}`)
      const lab = await startOwnLab({ broker, labFile, signal: context.signal })
      const client = givenLab({ ...context, env: {} }, { url: lab.url, ...tokenOf(context, options) })
      if (!client) throw new Error('a lab that was started has an address')
      own = { key, lab, client }
      return client
    },
  }
}

/** The file of the lab to start; undefined: the one that a lab starts with. */
function labFileFor(name: string | undefined, given: string | undefined): string | undefined {
  if (given !== undefined) return resolve(given)
  if (name === undefined) return undefined
  const shipped = join(packageRoot, 'labs', `${name}.yaml`)
  if (/^[\w-]+$/.test(name) && existsSync(shipped)) return shipped
  throw new CommandError(
    `the scenario needs the lab ${name}, which is not shipped; give its file with --lab, or a running lab with --url`,
    exitCodes.invalid,
  )
}

/** A lab that this process starts inherits its environment. */
const tokenOf = ({ env }: CommandContext, { token }: SharedOptions): { token?: string } => {
  const known = token ?? env.FAULTLINE_TOKEN
  return known === undefined ? {} : { token: known }
}

/** Starts a run and shows it until it has ended. A Ctrl-C stops the run, and its rollback is waited for. */
async function follow(
  client: LabClient,
  input: { scenario: string; seed?: number },
  options: RunOptions,
  { output, signal }: CommandContext,
): Promise<Run> {
  const broker = options.broker === undefined ? {} : { broker: options.broker }
  let run = await begin(client, { ...input, ...broker, abandonAfterMs }, signal)
  const progress = options.json ? undefined : createRunProgress(output)
  progress?.show(run)
  while (run.state !== 'ended') {
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
    run = await patiently(() =>
      signal.aborted
        ? client.send('POST', `/api/scenarios/runs/${run.id}/stop`, {}, runSchema)
        : client.get(`/api/scenarios/runs/${run.id}`, runSchema),
    ).catch((error: unknown) => {
      throw withCode(error)
    })
    progress?.show(run)
  }
  progress?.end()
  if (!options.json) for (const line of runReport(run)) output.line(line)
  return run
}

const settleMs = 30_000

/** A lab that has just started may still wire its workers; one that takes another run is not waited for. */
async function begin(client: LabClient, input: object, signal: AbortSignal): Promise<Run> {
  for (const deadline = Date.now() + settleMs; ; ) {
    try {
      return await client.send('POST', '/api/scenarios/runs', input, runSchema)
    } catch (error) {
      const isSettling = error instanceof LabRefusal && error.problem.code === 'broker_switching'
      if (!isSettling || signal.aborted || Date.now() > deadline) throw withCode(error)
      await sleep(pollMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Nothing was tried, so nothing is known. */
function withCode(error: unknown): unknown {
  const isInvalid = error instanceof LabRefusal && error.problem.code === 'invalid_scenario'
  if (!(error instanceof CommandError) || isInvalid) return error
  return new CommandError(error.message, exitCodes.inconclusive)
}
