import type { Command } from 'commander'
import { z } from 'zod'
import { type Fault, fault, faultCatalogueItem } from '#contracts/faults/fault.ts'
import { definitionOf, faultList } from '#contracts/faults/fault-list.ts'
import { readParams } from '#contracts/scenario/fault-params.ts'
import { durationMs } from '#contracts/scenario/values.ts'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import { type CommandContext, labOf, type SharedOptions, wholeNumber, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { columns } from '../output/columns.ts'

const faultsList = z.object({ items: z.array(fault) })

interface InjectOptions extends SharedOptions {
  duration?: string
  percent?: string
  seed?: string
  direction?: string
  param: string[]
}

export function addFaultCommands(program: Command, context: CommandContext): void {
  const { output } = context
  withLab(program.command('faults'))
    .description('list the faults of a lab, or with --kinds those that can be injected')
    .option('--kinds', 'every kind of fault, with the targets that it can have now')
    .addHelpText('after', '\nExamples:\n  faultline faults\n  faultline faults --kinds')
    .action(async (options: SharedOptions & { kinds?: boolean }) => {
      const client = labOf(context, options)
      if (options.kinds) {
        const { items } = await client.get('/api/faults/catalogue', z.object({ items: z.array(faultCatalogueItem) }))
        if (options.json) return output.line(JSON.stringify(items, undefined, 2))
        const rows = items.map(({ type, sees, offers }) => [type, offers.map(({ label }) => label).join(', '), sees])
        for (const line of columns(rows)) output.line(line)
        return
      }
      const { items } = await client.get('/api/faults', faultsList)
      print(items, options, context)
    })
  withLab(program.command('inject'))
    .description('inject a fault')
    .argument('<type>', 'kind of fault, for example process.kill')
    .argument('[target]', 'service, replica, event type, link such as consumer-db->database, or broker')
    .option('--duration <duration>', 'how long it lasts: 30s, 2m')
    .option('--percent <number>', 'share of victims, 0 to 100')
    .option('--direction <direction>', 'up, down or both')
    .option('--seed <number>', 'picks the victims')
    .option('--param <name=value>', 'a param, several times for several', collect, [])
    .addHelpText(
      'after',
      '\nExamples:\n  faultline inject process.kill consumer-db --param restartAfter=3s\n  faultline inject link.latency "consumer-db->database" --duration 20s --param latency=500ms',
    )
    .action(async (type: string, target: string | undefined, options: InjectOptions) => {
      const client = labOf(context, options)
      const injected = await client.send('POST', '/api/faults', faultInput(type, target, options), fault)
      print([injected], options, context)
      if (injected.state === 'failed') context.exitWith(exitCodes.fail)
    })
  withLab(program.command('heal'))
    .description('heal one fault, or all')
    .argument('[id]', 'id of a fault; without one, all are healed')
    .addHelpText('after', '\nExamples:\n  faultline heal\n  faultline heal f-1a2b3c4d')
    .action(async (id: string | undefined, options: SharedOptions) => {
      const client = labOf(context, options)
      const healed =
        id === undefined
          ? (await client.send('DELETE', '/api/faults', undefined, faultsList)).items
          : [await client.send('DELETE', `/api/faults/${encodeURIComponent(id)}`, undefined, fault)]
      print(healed, options, context)
      if (healed.some(({ state }) => state === 'healing')) context.exitWith(exitCodes.fail)
    })
}

const collect = (value: string, before: string[]): string[] => [...before, value]

function print(faults: readonly Fault[], { json }: SharedOptions, { output }: CommandContext): void {
  if (json || faults.length === 0) {
    output.line(json ? JSON.stringify(faults, undefined, 2) : 'no faults')
    return
  }
  const rows = faults.map(({ id, type, target, state, hits, reason = '' }) => [
    ...[id, type, Object.values(target).join(' '), state, `${hits} hits`, reason],
  ])
  for (const line of columns(rows)) output.line(line)
}

function faultInput(type: string, target: string | undefined, options: InjectOptions): Record<string, unknown> {
  const definition = definitionOf(type)
  const refuse = (message: string): never => {
    throw new CommandError(message, exitCodes.invalid)
  }
  if (!definition)
    return refuse(
      `there is no fault "${type}"; ${nameRemedy(
        type,
        faultList.map((one) => one.type),
      )}`,
    )
  const { params, problems } = readParams(definition, Object.fromEntries(options.param.map(paramOf)))
  const [problem] = problems
  if (problem)
    return refuse(`--param ${problem.param}: ${problem.cause}${problem.remedy === '' ? '' : `; ${problem.remedy}`}`)
  const { duration, percent, seed, direction } = options
  const ms =
    duration === undefined
      ? undefined
      : (durationMs(duration) ?? refuse(`--duration takes 30s or 2m, not "${duration}"`))
  return {
    ...{ type, params },
    ...(target === undefined ? {} : { target }),
    ...(ms === undefined ? {} : { durationMs: ms }),
    ...(percent === undefined ? {} : { percent: wholeNumber('--percent', percent, 100) }),
    ...(seed === undefined ? {} : { seed: wholeNumber('--seed', seed) }),
    ...(direction === undefined ? {} : { direction }),
  }
}

/** In `count=3` the value is a number, in `mode=fast` a text. */
function paramOf(text: string): [string, unknown] {
  const cut = text.indexOf('=')
  if (cut < 1) throw new CommandError(`--param takes name=value, not "${text}"`, exitCodes.invalid)
  const value = text.slice(cut + 1)
  return [text.slice(0, cut), /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value]
}
