import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { chooseLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { nameRemedy } from '#contracts/yaml-document/closest-name.ts'
import type { CommandContext } from '../command-context.ts'
import { composeFileOf } from '../compose/compose-file.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { writeOutput } from '../output/write-output.ts'
import { packageRoot } from '../package-root.ts'

interface ComposeCommandOptions {
  lab?: string
  broker: string
  out?: string
}

export function addCompose(program: Command, context: CommandContext): void {
  program
    .command('compose')
    .description('write a Docker Compose file for a lab')
    .option('--lab <file>', 'lab file. Default: FAULTLINE_LAB, else ./faultline.yaml, else the built-in lab')
    .option('--broker <name>', 'broker that the lab runs on: local, redis or kafka', 'kafka')
    .option('--out <file>', 'file to write. Default: standard output, as a file of the working folder')
    .addHelpText(
      'after',
      `
Each service gets the container of its sidecar. Programs that the lab runs are put on the sidecar's image: by the Dockerfile in their
folder, else the folder is mounted. Programs that run elsewhere stay there. Notes on standard error say what was chosen, and what to set.

Exit codes: 0 written, 2 not a valid lab file, or one that would have all of / or of the home folder mounted.

Examples:
  faultline compose --lab faultline.yaml --out docker-compose.yml
  faultline compose --broker redis > compose.redis.yml`,
    )
    .action(async ({ lab: asked, broker: given, out }: ComposeCommandOptions) => {
      const broker = brokerName.safeParse(given)
      if (!broker.success)
        throw new CommandError(
          `--broker: there is no ${given}; ${nameRemedy(given, brokerName.options)}`,
          exitCodes.invalid,
        )
      const file = chooseLabFile({
        asked,
        variable: context.env.FAULTLINE_LAB,
        folder: process.cwd(),
        root: packageRoot,
      })
      const lab = await loadLab(file).catch((error: unknown) => {
        throw new CommandError(error instanceof Error ? error.message : String(error), exitCodes.invalid)
      })
      const made = await composeFileOf(lab, {
        ...{ broker: broker.data, out: resolve(out ?? 'docker-compose.yml') },
        home: context.env.HOME ?? homedir(),
      })
      if (out !== undefined) await writeOutput(out, made.text)
      for (const note of made.notes) context.complain(`note: ${note}`)
      context.output.line(out === undefined ? made.text.trimEnd() : `${out} is written`)
    })
}
