import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { type MessageRow, messageRow } from '#contracts/api/journey.ts'
import { type CommandContext, labOf, type SharedOptions, withLab } from '../command-context.ts'

interface TailOptions extends SharedOptions {
  type?: string
  group?: string
  state?: string
  follow: boolean
}

const pollMs = 500
const page = z.object({ items: z.array(messageRow), nextCursor: z.string().optional() })

export function addTail(program: Command, context: CommandContext): void {
  withLab(program.command('tail'))
    .description('show messages as they are published, with what became of them in each group')
    .option('--type <name>', 'only this event type')
    .option('--group <name>', 'only this consumer group')
    .option('--state <state>', 'only in this state: waiting, retrying, delivered, dead_lettered, …')
    .option('--no-follow', 'print the newest 50 and end')
    .addHelpText(
      'after',
      '\nExamples:\n  faultline tail --type order_placed\n  faultline tail --state dead_lettered --no-follow --json',
    )
    .action(async (options: TailOptions) => {
      const client = labOf(context, options)
      const { type, group, state } = options
      const query = new URLSearchParams({
        limit: '50',
        ...(type ? { type } : {}),
        ...(group ? { group } : {}),
        ...(state ? { state } : {}),
      })
      // A message is shown again when its state changes.
      const shown = new Map<string, string>()
      while (!context.signal.aborted) {
        const { items } = await client.get(`/api/messages?${query}`, page)
        for (const row of items.reverse()) {
          const line = lineOf(row)
          if (shown.get(row.id) === line) continue
          shown.set(row.id, line)
          context.output.line(options.json ? JSON.stringify(row) : line)
        }
        for (const id of [...shown.keys()].slice(0, -1_000)) shown.delete(id)
        if (!options.follow) return
        await sleep(pollMs, undefined, { signal: context.signal }).catch(() => undefined)
      }
    })
}

function lineOf({ publishedAt, id, publish, groups }: MessageRow): string {
  const states = groups.map(({ group, state, attempts, errorType }) => {
    const tries = attempts > 1 ? ` after ${attempts} attempts` : ''
    return `${group} ${state}${tries}${errorType === undefined ? '' : ` (${errorType})`}`
  })
  return [publishedAt.slice(11, 23), id, publish, ...states].join('  ')
}
