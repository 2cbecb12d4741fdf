import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommanderError } from 'commander'
import { z } from 'zod'
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts'
import { openOutput } from './output/output.ts'
import { packageRoot } from './package-root.ts'
import { createProgram } from './program.ts'

/** The `faultline` command. The first Ctrl-C ends what runs in order, the second at once. */
const interrupt = new AbortController()
let code: ExitCode = exitCodes.pass
/** What a command said that it exits with, also if a Ctrl-C was its ordinary end. */
let chosen: ExitCode | undefined
const signals = ['SIGINT', 'SIGTERM'] as const
function stop(): void {
  if (interrupt.signal.aborted) process.exit(exitCodes.interrupted)
  process.stderr.write('\nstopping; what was changed is taken back. A second Ctrl-C ends at once.\n')
  interrupt.abort()
}
for (const signal of signals) process.on(signal, stop)

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')))
const program = createProgram(
  {
    output: openOutput(process.stdout),
    complain: (line) => void process.stderr.write(`${line}\n`),
    env: process.env,
    signal: interrupt.signal,
    takeSignals() {
      for (const signal of signals) process.off(signal, stop)
    },
    exitWith(next) {
      chosen = next
    },
  },
  version,
)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  code = codeOf(error)
  chosen = undefined
}
process.exitCode = chosen ?? (interrupt.signal.aborted ? exitCodes.interrupted : code)

function codeOf(error: unknown): ExitCode {
  // It has said itself what is wrong; help and version are no mistakes.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.invalid
  process.stderr.write(
    `${error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  return error instanceof CommandError ? error.exitCode : exitCodes.fail
}
