/**
 * Started by the tests with a folder and a number: goes on after the last record there, appends one or more records at a time, and says
 * on its output the number of the last one of each append that returned. Ends by itself after so many records, or where the disk refuses:
 * then its output says why.
 */
import { writeSync } from 'node:fs'
import { appendAll, numbersIn, optionsFor } from './segment-log.fixture.ts'
import { SegmentLog } from './segment-log.ts'

const [, , directory = '', limit = ''] = process.argv
/** Returns when the line is on its way, so that none is reported after the next append; the pipe is full while nobody reads. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
    }
  }
}

const log = new SegmentLog(optionsFor(directory))
const present = await numbersIn(log)
let last = present.at(-1) ?? 0
const end = last + Number(limit)
try {
  while (last < end) {
    const together = 1 + (last % 3)
    appendAll(
      log,
      Array.from({ length: together }, (_, index) => last + 1 + index),
    )
    last += together
    say(String(last))
  }
} catch (error) {
  say(String(error instanceof Error && 'code' in error ? error.code : error))
}
