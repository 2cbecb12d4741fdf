import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { z } from 'zod'
import { burst } from '#contracts/api/burst.ts'
import { publishAnswer } from '#contracts/api/publish.ts'
import { eventTypeItem } from '#contracts/events/event-type.ts'
import { exactValue, parseExact } from '#contracts/events/exact-numbers.ts'
import { parseJson, UnfitJson } from '#contracts/events/json-text.ts'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import { type CommandContext, labOf, type SharedOptions, wholeNumber, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { readInput } from '../read-input.ts'

interface PublishOptions extends SharedOptions {
  data?: string
  key?: string
  count?: string
  rate?: string
}

export function addPublish(program: Command, context: CommandContext): void {
  withLab(program.command('publish'))
    .description('publish an event, or with --count a burst of them')
    .argument('<type>', 'event type')
    .option('--data <json>', 'its data: JSON, @file, or - for standard input. Default: the example of the type')
    .option('--key <key>', 'partition key')
    .option('--count <number>', 'begin a burst of so many, varied')
    .option('--rate <number>', 'of a burst: messages a second. Default 100')
    .addHelpText(
      'after',
      `\nExamples:\n  faultline publish user_signup --data '{"email": "a@example.com"}'\n  faultline publish order_placed --count 5000 --rate 500`,
    )
    .action(async (type: string, options: PublishOptions) => {
      const client = labOf(context, options)
      if (options.count === undefined && options.rate !== undefined)
        throw new CommandError('--rate is of a burst; add --count', exitCodes.invalid)
      if (options.count !== undefined && options.key !== undefined)
        throw new CommandError('--key is of one event, and a burst has many; leave it out', exitCodes.invalid)
      const given = options.data === undefined ? undefined : await dataOf(options.data)
      const say = (answer: unknown, line: string): void =>
        context.output.line(options.json ? JSON.stringify(answer, undefined, 2) : line)
      if (options.count !== undefined) {
        const { count, rate = '100' } = options
        const body = {
          type,
          count: wholeNumber('--count', count),
          ratePerSecond: wholeNumber('--rate', rate),
          ...(given ? { data: given } : {}),
        }
        const begun = await client.send('POST', '/api/bursts', body, burst.partial().extend({ id: z.string() }))
        return say(begun, `burst ${begun.id} of ${count} ${type} began, ${rate} a second`)
      }
      const data = given ?? (await exampleOf(type, options))
      const answer = await client.send(
        'POST',
        '/event',
        { type, data, ...(options.key === undefined ? {} : { key: options.key }) },
        publishAnswer,
      )
      say(answer, `${answer.id} acknowledged after ${answer.ackMs} ms`)
    })

  async function exampleOf(name: string, options: SharedOptions): Promise<Record<string, unknown>> {
    const answer = parseExact(await labOf(context, options).text('/api/event-types'))
    const { items } = z.object({ items: z.array(eventTypeItem) }).parse(answer)
    const found = items.find((type) => type.name === name)
    if (found) return found.example
    throw new CommandError(
      `there is no event type "${name}"; ${nameRemedy(
        name,
        items.map((type) => type.name),
      )}`,
      exitCodes.invalid,
    )
  }
}

/** By the rules of every door; numbers keep all their digits. */
async function dataOf(given: string): Promise<Record<string, unknown>> {
  const text =
    given === '-'
      ? await readAll(process.stdin)
      : given.startsWith('@')
        ? await readInput(given.slice(1), { named: `--data: ${given.slice(1)}` })
        : given
  try {
    return z.record(z.string(), z.unknown()).parse(exactValue(parseJson(text), text))
  } catch (error) {
    if (error instanceof UnfitJson) throw new CommandError(`--data: ${error.path} ${error.message}`, exitCodes.invalid)
    const reason = error instanceof SyntaxError ? error.message : 'it is not a JSON object'
    throw new CommandError(`--data: ${reason}`, exitCodes.invalid)
  }
}
