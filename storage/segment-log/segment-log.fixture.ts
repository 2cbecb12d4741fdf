import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { headerBytes, sealRecord } from './record.ts'
import type { SegmentLog, SegmentLogOptions } from './segment-log.ts'

const folders: string[] = []

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-segments-'))
  folders.push(folder)
  return folder
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Small segments, so that there are many. */
export const optionsFor = (directory: string, given: Partial<SegmentLogOptions> = {}): SegmentLogOptions => ({
  directory,
  naming: { prefix: 'part-', digits: 4, suffix: '.log' },
  byteOrder: 'little',
  segmentBytes: 2_000,
  outlives: 'process',
  ...given,
})

/** A record whose length depends on its number, and every byte of it too. */
export function bytesOfRecord(number: number, order: SegmentLogOptions['byteOrder'] = 'little'): Buffer {
  const length = 4 + ((number * 37) % 300)
  const bytes = Buffer.alloc(headerBytes + length, number % 251)
  bytes.writeUInt32BE(number, headerBytes)
  sealRecord(bytes, 0, bytes.length, order)
  return bytes
}

/** Appends the records of these numbers in one write. */
export function appendAll(log: SegmentLog, numbers: readonly number[]): { segment: number; offset: number } {
  const bytes = Buffer.concat(numbers.map((number) => bytesOfRecord(number)))
  const segment = log.ensureRoom(bytes.length)
  return { segment, offset: log.append(bytes) }
}

/** The numbers of all records, in order; mends what the segments end in. Throws if a record is not as it was appended. */
export async function numbersIn(log: SegmentLog): Promise<number[]> {
  const numbers: number[] = []
  for (const segment of log.segments()) {
    const { records, mend } = await log.read(segment)
    for (const { payload } of records()) {
      const number = payload.readUInt32BE(0)
      if (!payload.equals(bytesOfRecord(number).subarray(headerBytes))) throw new Error(`record ${number} is another`)
      numbers.push(number)
    }
    mend()
  }
  return numbers
}

export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
