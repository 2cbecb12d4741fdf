import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { type CheckpointBefore, fromVersion1 } from './checkpoint-1.ts'
import type { Checkpoint } from './checkpoint-state.ts'

const version = 2

const fileName = 'checkpoint.bin'

/** One that is no larger is written with each segment. */
const smallBytes = 4 * 1024 * 1024
/** By how many times the size of a larger one the journal grows before the next. */
const growth = 4

/**
 * Whether it is time for another: the last one took `lastBytes`, and the journal has grown by `grownBytes` since. With ten million
 * messages outstanding one is 24 MB, and with each segment of 32 MB it would be nearly as much to write as the telemetry itself.
 */
export const isCheckpointDue = (grownBytes: number, lastBytes: number): boolean =>
  lastBytes <= smallBytes || grownBytes >= lastBytes * growth

/**
 * Replaces the checkpoint, in one step: a crash leaves the old one or the new one. The state is read before the first await.
 * Answers its size in bytes.
 */
export async function writeCheckpoint(directory: string, checkpoint: Omit<Checkpoint, 'version'>): Promise<number> {
  const body = serialize({ version, ...checkpoint })
  const head = Buffer.alloc(4)
  head.writeUInt32BE(crc32(body))
  const path = join(directory, fileName)
  await writeFile(`${path}.new`, Buffer.concat([head, body]), { flush: true })
  await rename(`${path}.new`, path)
  return head.length + body.length
}

/** The last checkpoint; undefined if there is none. Throws if there is one that cannot be read. */
export async function readCheckpoint(directory: string): Promise<Checkpoint | undefined> {
  const path = join(directory, fileName)
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const body = bytes.subarray(4)
  if (bytes.length < 5 || crc32(body) !== bytes.readUInt32BE(0)) {
    throw new Error(`${path} is damaged; remove it to count again from the segments beside it`)
  }
  const checkpoint: Checkpoint | CheckpointBefore = deserialize(body)
  if (checkpoint.version === 1) return { version, ...fromVersion1(checkpoint) }
  if (checkpoint.version !== version) {
    throw new Error(
      `${path} has format ${(checkpoint as Checkpoint).version}, this version reads ${version}; it was written by a later ` +
        'version of Faultline: start that one, or remove the data folder',
    )
  }
  return checkpoint
}
