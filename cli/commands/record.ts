import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type Recording, type RecordingInput, recording } from '#contracts/api/recording.ts'
import { durationMs } from '#contracts/scenario/values.ts'
import type { LabClient } from '../client/lab-client.ts'
import { patiently } from '../client/patiently.ts'
import { type CommandContext, labOf, type SharedOptions, withLab } from '../command-context.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { checkOutput, writeOutput } from '../output/write-output.ts'

interface RecordOptions extends SharedOptions {
  out: string
  for?: string
  name?: string
}

const pollMs = 250

export function addRecord(program: Command, context: CommandContext): void {
  withLab(program.command('record'))
    .description('write what is done to a running lab down as a scenario')
    .requiredOption('--out <file>', 'scenario file to write')
    .option('--for <duration>', 'end by itself: 60s, 5m. Default: at Ctrl-C, or after half an hour')
    .option('--name <name>', 'name of the scenario. Default: recorded')
    .addHelpText(
      'after',
      `
Publishes, bursts, faults, policies, subscriptions, replicas, event types and redrives become phases, faults and steps at their
times. What no scenario can express is left as a comment, and is printed. Run, it says where it differed.

Examples:
  faultline record --out mine.yaml
  faultline record --out mine.yaml --for 60s --url http://localhost:3000
  faultline run mine.yaml`,
    )
    .action(async (options: RecordOptions) => {
      const client = labOf(context, options)
      const input = inputOf(options)
      await checkOutput(options.out)
      const begun = await client.send('POST', '/api/recordings', input, recording)
      if (!options.json) context.output.line(`recording until Ctrl-C, ${begun.endsBy} at the latest`)
      const ended = await untilEnded(client, begun, context.signal)
      await writeOutput(options.out, ended.scenario ?? '')
      // Ctrl-C is how it is meant to end.
      context.exitWith(exitCodes.pass)
      if (options.json) context.output.line(JSON.stringify(ended, undefined, 2))
      else for (const line of inWords(ended, options.out)) context.output.line(line)
    })
}

function inputOf({ for: length, name }: RecordOptions): RecordingInput {
  const forMs = length === undefined ? undefined : durationMs(length)
  if (length !== undefined && forMs === undefined)
    throw new CommandError(`--for takes a duration such as 60s or 5m, not "${length}"`, exitCodes.invalid)
  return { ...(forMs === undefined ? {} : { forMs }), ...(name === undefined ? {} : { name }) }
}

/** A Ctrl-C ends the recording. Somebody else may end it too, and a control plane that died comes back with its file. */
async function untilEnded(client: LabClient, begun: Recording, signal: AbortSignal): Promise<Recording> {
  const path = `/api/recordings/${begun.id}`
  for (;;) {
    await sleep(pollMs, undefined, { signal }).catch(() => undefined)
    const now = await patiently(() =>
      signal.aborted ? client.send('POST', `${path}/stop`, {}, recording) : client.get(path, recording),
    )
    if (now.state === 'ended') return now
  }
}

function inWords({ published, bursts, faults, changes, reason, remarks = [] }: Recording, file: string): string[] {
  return [
    `${file}: ${published} messages, ${bursts} bursts, ${faults} faults, ${changes} changes`,
    ...(reason === undefined ? [] : [reason]),
    ...remarks.filter((remark) => remark !== reason).map((remark) => `not in the file: ${remark}`),
  ]
}
