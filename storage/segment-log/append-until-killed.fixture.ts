/**
 * Started by the tests with a folder and a number: goes on after the last record there, appends one or more records at a time, and says
 * on its output the number of the last one of each append that returned. Ends by itself after so many records, or where the disk refuses:
 * then its output says why.
 */
import { writeSync } from 'node:fs'
import { appendAll, numbersIn, optionsFor } from './segment-log.fixture.ts'
import { SegmentLog } from './segment-log.ts'

const [, , directory = '', limit = ''] = process.argv
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
    writeSync(1, `${last}\n`)
  }
} catch (error) {
  writeSync(1, `${error instanceof Error && 'code' in error ? error.code : error}\n`)
}
