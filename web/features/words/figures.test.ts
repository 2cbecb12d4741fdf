import { expect, it } from 'vitest'
import { bytes, durationWords, millis, since } from './figures.ts'

it('writes durations with the unit that fits', () => {
  const times = [0, 6.13, 9.96, 241.4, 999.6, 1_738, 20_600, 59_999, 125_000, 3_600_000, 11_520_000]
  expect(times.map(durationWords)).toEqual([
    '0 ms',
    '6.1 ms',
    '10 ms',
    '241 ms',
    '1 s',
    '1.74 s',
    '20.6 s',
    '1 min',
    '2 min 5 s',
    '1 h',
    '3 h 12 min',
  ])
  expect([0, 0.42, 6, 1_738].map(millis)).toEqual(['0 ms', '0.4 ms', '6 ms', '1,738 ms'])
})

it('bytes and ages are short', () => {
  expect([bytes(412), bytes(1_240), bytes(93_400_000)]).toEqual(['412 B', '1.2 kB', '93.4 MB'])
  expect([since(0, 12_000), since(0, 320_000), since(0, 8_000_000)]).toEqual(['12 s', '5 min', '2 h'])
})
