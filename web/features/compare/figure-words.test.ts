import { expect, test } from 'vitest'
import type { ComparedFigure } from '#contracts/scenario-run/compared-figures.ts'
import { differenceText, figureName, whyOf } from './figure-words.ts'

const figure = (a: number | null, b: number | null, unit: ComparedFigure['unit'] = 'messages'): ComparedFigure => ({
  ...{ name: 'x', unit, a, b, worse: 'more' },
})

test('differences are shown with their sign and unit', () => {
  expect(differenceText(figure(308, 612))).toBe('+304')
  expect(differenceText(figure(2_798, 2_612))).toBe('−186')
  expect(differenceText(figure(8_000, 14_200, 'ms'))).toBe('+6.2 s')
  expect(differenceText(figure(3, 3))).toBe('same')
  expect(differenceText(figure(null, 3))).toBe('B alone')
})

test('figures have names for people', () => {
  expect(figureName('delivery.latency.p99 consumer-db')).toBe('p99 to effect, consumer-db')
  expect(figureName('ledger.lost_message')).toBe('Lost message')
  expect(figureName('something else')).toBe('something else')
})

test('a figure has the numbers of the findings that explain it', () => {
  const finding = (...figures: string[]) => ({ claim: '', detail: '', figures, evidence: [] })
  expect(whyOf('check heals consumer-db', [finding('drain'), finding('check heals')])).toEqual([2])
  expect(whyOf('drain', [finding('drain'), finding('drain', 'took')])).toEqual([1, 2])
})
