import { expect, test } from 'vitest'
import { type ComparedFigure, worsening } from './compared-figures.ts'

const figure = (a: number | null, b: number | null, worse: ComparedFigure['worse'] = 'more'): ComparedFigure => ({
  ...{ name: 'x', unit: 'ms', a, b, worse },
})

test('a figure is worse by its share of A, and without bound where B has none or A was 0', () => {
  expect(worsening(figure(100, 150))).toBe(0.5)
  expect(worsening(figure(150, 100))).toBe(0)
  expect(worsening(figure(100, 50, 'less'))).toBe(0.5)
  expect(worsening(figure(0, 1))).toBe(Number.POSITIVE_INFINITY)
  expect(worsening(figure(100, null))).toBe(Number.POSITIVE_INFINITY)
  expect(worsening(figure(100, null, 'less'))).toBe(Number.POSITIVE_INFINITY)
  expect(worsening(figure(null, 100))).toBe(0)
  expect(worsening(figure(null, null))).toBe(0)
})
