import { createReadStream } from 'node:fs'
import { CommandError, exitCodes } from './exit-codes.ts'

/** Bytes of a file that a user names, at most: a journal of a long run has some megabytes. */
export const inputBytes = 256 * 2 ** 20

/**
 * Reads a file or a pipe that a user named, as UTF-8. Rejects with a sentence and exit code 2 if it cannot be read, is not UTF-8 or has more
 * than `most` bytes, of which no more are read; `named`: what the sentence calls it.
 */
export async function readInput(
  file: string,
  { named = file, most = inputBytes }: { named?: string; most?: number } = {},
): Promise<string> {
  const refuse = (reason: string): CommandError =>
    new CommandError(`${named} cannot be read: ${reason}`, exitCodes.invalid)
  const chunks: Buffer[] = []
  try {
    // One byte more than is taken shows that there is more.
    for await (const chunk of createReadStream(file, { end: most })) chunks.push(chunk)
  } catch (error) {
    throw refuse(reasonOf(error))
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.length > most) throw refuse(`it has more than ${most} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse('it is not UTF-8')
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  return code === 'EISDIR' ? 'it is a folder' : message
}
