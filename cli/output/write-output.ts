import { access, constants, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError, exitCodes } from '../exit-codes.ts'

/** Writes the file that a command was asked to write. Rejects with a sentence where it cannot be written. */
export async function writeOutput(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw notWritable(file, error)
  })
}

/** Before work whose result would be lost: rejects as `writeOutput` would, and writes nothing. */
export async function checkOutput(file: string): Promise<void> {
  try {
    const found = await stat(file).catch(() => undefined)
    if (found?.isDirectory()) throw new Error('it is a folder')
    await access(found ? file : dirname(file), constants.W_OK)
  } catch (error) {
    throw notWritable(file, error)
  }
}

function notWritable(file: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error)
  return new CommandError(
    `${file} cannot be written (${reason}): name a file in a folder that is there`,
    exitCodes.fail,
  )
}
