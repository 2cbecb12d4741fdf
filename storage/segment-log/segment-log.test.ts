import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  appendAll,
  bytesOfRecord,
  numbersIn,
  optionsFor,
  removeFolders,
  temporaryFolder,
  upTo,
} from './segment-log.fixture.ts'
import { SegmentLog } from './segment-log.ts'

afterEach(removeFolders)

const filesIn = (directory: string): string[] => readdirSync(directory).sort()
const open = (directory: string, given?: Parameters<typeof optionsFor>[1]): SegmentLog =>
  new SegmentLog(optionsFor(directory, given))

describe('a segment log', () => {
  it('G1 gives back the records in the order of appending, also to another process, and each at its place', async () => {
    const directory = temporaryFolder()
    const log = open(directory)
    const places = upTo(100).map((number) => appendAll(log, [number]))
    await log.close()
    const again = open(directory)
    expect(await numbersIn(again)).toEqual(upTo(100))
    expect(again.segments().length).toBeGreaterThan(3)
    for (const [index, { segment, offset }] of places.entries()) {
      expect(again.readAt(segment, offset)?.payload.readUInt32BE(0)).toBe(index + 1)
    }
    expect(again.readAt(99, 0)).toBeUndefined()
  })

  it('G2 keeps the bytes of a folder as its user names and orders them, and leaves other files there alone', async () => {
    const directory = temporaryFolder()
    writeFileSync(join(directory, 'part-12.log'), 'too few digits')
    writeFileSync(join(directory, 'checkpoint.bin'), 'of somebody else')
    const log = open(directory, { byteOrder: 'big', naming: { prefix: 'part-', digits: 4, suffix: '.log' } })
    expect(log.begin(12_345)).toBe(12_345)
    log.append(bytesOfRecord(1, 'big'))
    await log.close()
    expect(filesIn(directory)).toEqual(['checkpoint.bin', 'part-12.log', 'part-12345.log'])
    const bytes = readFileSync(join(directory, 'part-12345.log'))
    expect([bytes.readUInt32BE(0), bytes.length]).toEqual([bytes.length - 8, bytesOfRecord(1).length])
    expect(open(directory, { byteOrder: 'big' }).segments()).toEqual([12_345])
  })

  it('G3 cuts off a last record that was torn at any byte, keeps all before it, and goes on', async () => {
    const whole = temporaryFolder()
    const log = open(whole, { segmentBytes: 1_000_000 })
    appendAll(log, [1, 2, 3])
    const { offset } = appendAll(log, [4])
    await log.close()
    const size = statSync(join(whole, 'part-0001.log')).size
    for (let length = offset; length < size; length += 1) {
      const directory = temporaryFolder()
      copyFileSync(join(whole, 'part-0001.log'), join(directory, 'part-0001.log'))
      truncateSync(join(directory, 'part-0001.log'), length)
      const torn = open(directory)
      const { records, mend } = torn.readNow(1)
      expect([...records()]).toHaveLength(3)
      const cutOff = mend()
      if (length === offset) expect(cutOff).toBeUndefined()
      else expect(cutOff).toMatchObject({ at: offset, unread: length - offset, kept: undefined })
      expect(statSync(join(directory, 'part-0001.log')).size).toBe(offset)
      torn.begin()
      torn.append(bytesOfRecord(5))
      expect(await numbersIn(open(directory))).toEqual([1, 2, 3, 5])
    }
  })

  it('G3 takes zeros, which a loss of power may leave, for no record', async () => {
    const directory = temporaryFolder()
    const log = open(directory)
    appendAll(log, [1])
    await log.close()
    const path = join(directory, 'part-0001.log')
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4_096)]))
    expect(await numbersIn(open(directory))).toEqual([1])
    expect(statSync(path).size).toBe(bytesOfRecord(1).length)
  })

  it('G4 notices any damaged byte, keeps a copy of a segment that is damaged, and reads the segments after it', async () => {
    const directory = temporaryFolder()
    const log = open(directory)
    for (const number of [1, 2, 3]) {
      log.begin()
      log.append(Buffer.concat([bytesOfRecord(number * 10), bytesOfRecord(number * 10 + 1)]))
    }
    await log.close()
    const path = join(directory, 'part-0001.log')
    const intact = readFileSync(path)
    for (let at = bytesOfRecord(10).length; at < intact.length; at += 1) {
      const bytes = Buffer.from(intact)
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
      writeFileSync(path, bytes)
      expect(await numbersIn(open(directory)), `byte ${at}`).toEqual([10, 20, 21, 30, 31])
      expect(readFileSync(`${path}.damaged`).equals(bytes)).toBe(true)
    }
    expect(filesIn(directory)).toEqual(['part-0001.log', 'part-0001.log.damaged', 'part-0002.log', 'part-0003.log'])
  })

  it('G4 a damaged length takes no memory: the place has no record', () => {
    const directory = temporaryFolder()
    const log = open(directory)
    const { segment, offset } = appendAll(log, [1])
    const bytes = readFileSync(join(directory, 'part-0001.log'))
    bytes.writeUInt32LE(0xffff_fff0, 0)
    writeFileSync(join(directory, 'part-0001.log'), bytes)
    expect(log.readAt(segment, offset)).toBeUndefined()
  })

  it('G5 begins a segment where there is no room, each with its head; one larger append has a segment of its own', async () => {
    const directory = temporaryFolder()
    const log = open(directory, { head: () => bytesOfRecord(7), segmentBytes: 700 })
    const large = Array.from({ length: 10 }, (_, index) => index + 20)
    for (const numbers of [[1], large, [2]]) appendAll(log, numbers)
    await log.close()
    expect(await numbersIn(open(directory))).toEqual([7, 1, 7, ...large, 7, 2])
    expect(log.segments()).toEqual([1, 2, 3])
    const sizes = filesIn(directory).map((name) => statSync(join(directory, name)).size)
    expect(log.totalBytes).toBe(sizes.reduce((sum, size) => sum + size, 0))
  })

  it('G6 removes segments that nobody needs: from the front only, or all before a number, never the last one', () => {
    const directory = temporaryFolder()
    const log = open(directory)
    for (const number of upTo(6)) {
      log.begin()
      log.append(bytesOfRecord(number))
    }
    log.retain(3)
    log.retain(3)
    log.retain(6)
    log.removeOldestUnused()
    expect(log.segments()).toEqual([3, 4, 5, 6])
    log.release(3)
    log.removeUnusedBefore(5)
    expect(log.segments()).toEqual([3, 5, 6])
    log.release(3)
    log.release(6)
    log.removeUnusedBefore(7)
    expect([log.segments(), filesIn(directory), log.oldest]).toEqual([[6], ['part-0006.log'], undefined])
    expect(log.readAt(3, 0)).toBeUndefined()
    expect(log.begin()).toBe(7)
  })

  it('G7 a full disk refuses an append as a whole, and a new segment; what was there stays and is gone on with', async () => {
    const directory = temporaryFolder()
    let room = Number.POSITIVE_INFINITY
    const log = open(directory, {
      head: () => bytesOfRecord(7),
      writeAt: (fd, bytes, offset, length, position) => {
        if (room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        const count = writeSync(fd, bytes, offset, Math.min(length, room), position)
        room -= count
        return count
      },
    })
    appendAll(log, [1, 2])
    const [before] = filesIn(directory).map((name) => statSync(join(directory, name)).size)
    // Wherever within the records the disk is full.
    for (room = 0; room < bytesOfRecord(3).length + bytesOfRecord(4).length; ) {
      const left = room
      expect(() => appendAll(log, [3, 4])).toThrow(/no space left/)
      expect([log.newestBytes, statSync(join(directory, 'part-0001.log')).size]).toEqual([before, before])
      room = left + 1
    }
    room = 5
    expect(() => log.begin()).toThrow(/no space left/)
    expect([log.segments(), filesIn(directory)]).toEqual([[1], ['part-0001.log']])
    room = Number.POSITIVE_INFINITY
    appendAll(log, [5])
    log.begin()
    appendAll(log, [6])
    expect(await numbersIn(open(directory))).toEqual([7, 1, 2, 5, 7, 6])
  })

  it('G8 refuses to write where another process has begun the next segment', () => {
    const directory = temporaryFolder()
    const [one, other] = [open(directory), open(directory)]
    one.begin()
    expect(() => other.begin()).toThrow(/EEXIST/)
    expect(() => other.append(bytesOfRecord(1))).toThrow(/no open segment/)
  })

  it('G9 syncs in the background, on demand and at the end, and reports where the disk refuses to', async () => {
    const directory = temporaryFolder()
    const errors: unknown[] = []
    const log = open(directory, { outlives: 'power', onSyncError: (error) => errors.push(error) })
    for (const number of upTo(60)) {
      appendAll(log, [number])
      log.syncInBackground()
    }
    await log.sync()
    log.removeUnusedBefore(3)
    await log.close()
    expect(errors).toEqual([])
    expect((await numbersIn(open(directory))).at(-1)).toBe(60)
    expect(existsSync(join(directory, 'part-0002.log'))).toBe(false)
  })

  it('does not cut off the segment that is written to while it is read', async () => {
    const directory = temporaryFolder()
    const log = open(directory)
    appendAll(log, [1])
    const reading = await log.read(1)
    expect(reading.mend()).toBeUndefined()
    appendAll(log, [2])
    expect(await numbersIn(log)).toEqual([1, 2])
  })
})
