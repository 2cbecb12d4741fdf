import { writeFile } from 'node:fs/promises'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** Writes the file that a command was told to write. Rejects with a sentence where it cannot be written. */
export async function writeOutput(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(
      `${file} cannot be written (${reason}): name a file in a folder that is there`,
      exitCodes.fail,
    )
  })
}
