import { mkdirSync, openSync, readdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

/** One file of the journal. Files are read in the order of their numbers. */
export interface Segment {
  number: number
  path: string
  bytes: number
  /** Messages whose text is in this file and nowhere later. */
  live: number
}

const fileName = (number: number): string => `${String(number).padStart(10, '0')}.journal`

/** The segments of a folder in order, which is made where it is missing. */
export function listSegments(dir: string): { number: number; path: string }[] {
  mkdirSync(dir, { recursive: true })
  return readdirSync(dir)
    .filter((name) => /^\d{10}\.journal$/.test(name))
    .sort()
    .map((name) => ({ number: Number.parseInt(name, 10), path: join(dir, name) }))
}

/** Makes a new, empty segment file; fails where it exists, which means that another process writes to this folder. */
export function createSegment(dir: string, number: number): { segment: Segment; fd: number } {
  const path = join(dir, fileName(number))
  const fd = openSync(path, 'wx')
  return { segment: { number, path, bytes: 0, live: 0 }, fd }
}

/** Makes new and removed file names survive a loss of power. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
