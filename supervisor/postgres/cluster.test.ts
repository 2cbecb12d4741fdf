import { expect, it } from 'vitest'
import { lastLine } from './cluster.ts'

it.each([
  ['LOG: a\nFATAL: b\nLOG: c\n', 'FATAL: b'],
  ['one\ntwo\n\n', 'two'],
  ['', 'it said nothing'],
  [
    'ERROR: could not extend file: No space left on device\nPANIC: x',
    'the disk is full; free some space, or set FAULTLINE_DATA_DIR to another disk',
  ],
])('finds what says most in %j', (log, line) => {
  expect(lastLine(log)).toBe(line)
})
