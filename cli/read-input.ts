import { readFile } from 'node:fs/promises'
import { CommandError, exitCodes } from './exit-codes.ts'

/** Reads a file that a user named. Rejects with a sentence and exit code 2 if it cannot be read; `named`: what the sentence calls it. */
export async function readInput(file: string, named = file): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : error
    throw new CommandError(`${named} cannot be read: ${reason}`, exitCodes.invalid)
  })
}
