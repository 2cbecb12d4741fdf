import { expect, test } from 'vitest'
import { narrowTicks, timeAxis } from './time-axis.ts'

test('a last mark with a long text takes the room of the one before it', () => {
  const texts = (total: number) => narrowTicks(timeAxis(total, []).ticks).map(({ text }) => text)
  expect(texts(400)).toEqual(['0', '100', '200', '', '400 ms'])
  expect(texts(2_000)).toEqual(['0', '0.5', '1', '1.5', '2 s'])
})
