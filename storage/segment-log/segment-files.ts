import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** How the files of a log are called: prefix, number with leading zeros, suffix. The names are on users' disks: never change them. */
export interface SegmentNaming {
  prefix: string
  /** Digits at least. */
  digits: number
  suffix: string
}

/** One file of a log. */
export interface SegmentFile {
  /** Files are read in the order of their numbers, which count from 1 and may have gaps. */
  number: number
  bytes: number
}

/** The path of a segment in its folder. */
export const segmentPath = (directory: string, { prefix, digits, suffix }: SegmentNaming, number: number): string =>
  join(directory, `${prefix}${String(number).padStart(digits, '0')}${suffix}`)

/** The segments of a folder, the oldest first. Makes the folder if it is missing, and leaves other files in it alone. */
export function listSegments(directory: string, naming: SegmentNaming): SegmentFile[] {
  mkdirSync(directory, { recursive: true })
  return readdirSync(directory)
    .flatMap((name) => numberIn(name, naming) ?? [])
    .sort((a, b) => a - b)
    .map((number) => ({ number, bytes: statSync(segmentPath(directory, naming, number)).size }))
}

/** Makes new and removed file names survive a loss of power. */
export async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function numberIn(name: string, { prefix, digits, suffix }: SegmentNaming): number | undefined {
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return undefined
  const text = name.slice(prefix.length, name.length - suffix.length)
  return text.length >= digits && /^\d+$/.test(text) ? Number(text) : undefined
}
