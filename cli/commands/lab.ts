import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { labBroker } from '#contracts/api/lab-broker.ts'
import { serviceStatus } from '#contracts/api/live.ts'
import { type CommandContext, labOf, type SharedOptions, wholeNumber, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { columns } from '../output/columns.ts'

interface LabOptions extends SharedOptions {
  broker?: string
  scale?: string
}

const pollMs = 250

export function addLab(program: Command, context: CommandContext): void {
  const { output } = context
  withLab(program.command('lab'))
    .description('show the lab: its broker, and services with their replicas')
    .option('--broker <name>', 'move the lab to another broker, and wait until it runs there')
    .option('--scale <service=replicas>', 'how many replicas of a service run')
    .addHelpText(
      'after',
      '\nExamples:\n  faultline lab\n  faultline lab --broker kafka\n  faultline lab --scale consumer-db=4',
    )
    .action(async (options: LabOptions) => {
      const client = labOf(context, options)
      if (options.scale !== undefined) {
        const [name = '', replicas = ''] = options.scale.split('=')
        await client.send(
          'PUT',
          `/api/services/${encodeURIComponent(name)}`,
          { replicas: wholeNumber('--scale', replicas, 16) },
          serviceStatus,
        )
      }
      let broker =
        options.broker === undefined
          ? await client.get('/api/lab/broker', labBroker)
          : await client.send('PUT', '/api/lab/broker', { broker: options.broker }, labBroker)
      while (broker.state !== 'ready' && options.broker !== undefined) {
        if (context.signal.aborted)
          throw new CommandError('interrupted; the lab continues to change brokers', exitCodes.interrupted)
        await sleep(pollMs, undefined, { signal: context.signal }).catch(() => undefined)
        broker = await client.get('/api/lab/broker', labBroker)
      }
      const { items } = await client.get('/api/services', z.object({ items: z.array(serviceStatus) }))
      if (options.json) output.line(JSON.stringify({ broker, services: items }, undefined, 2))
      else {
        output.line(`broker ${broker.broker}, ${broker.state}`)
        const rows = items.flatMap(({ name, connected, replicas }) =>
          replicas.length === 0
            ? [[name, connected ? 'no replica' : 'its sidecar is away']]
            : replicas.map(({ instance, state, restarts, detail = '' }) => [
                instance,
                state,
                `${restarts} restarts`,
                detail,
              ]),
        )
        for (const line of columns(rows)) output.line(line)
      }
      if (options.broker !== undefined && broker.broker !== options.broker) {
        throw new CommandError(
          `the lab is still on ${broker.broker}: ${broker.switch?.reason ?? 'no reason was given'}`,
        )
      }
    })
}
