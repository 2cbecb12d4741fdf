import { expect, test } from 'vitest'
import { bytes, figureList, since } from './figure-list.ts'
import { linesFrom } from './log-lines.ts'

test('only what is measured is listed; a queue begins with its lag', () => {
  const figures = figureList('queue', { ratePerSecond: 2, total: 9, depth: 4, inFlight: 1, delayed: 0 })
  expect(figures.map(({ label, value }) => `${label} ${value}`)).toEqual([
    'lag 5',
    'visible 4',
    'in flight 1',
    'delayed 0',
    'rate 2.0',
    'taken 9',
  ])
  expect(figureList('topic', undefined)).toEqual([])
})

test('a percentile without traffic is a dash', () => {
  expect(figureList('consumer', { ratePerSecond: 0, total: 0, p50Ms: null }).at(-1)).toEqual({
    label: 'p50',
    value: '–',
  })
})

test('bytes and ages are short', () => {
  expect([bytes(412), bytes(1_240), bytes(93_400_000)]).toEqual(['412 B', '1.2 kB', '93.4 MB'])
  expect([since(0, 12_000), since(0, 320_000), since(0, 8_000_000)]).toEqual(['12 s', '5 min', '2 h'])
})

test('a level shows itself and what is worse', () => {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') =>
    ({ kind: 'log', at: 1, service: 'a', instance: 'a-1', level, message: '' }) as const
  const lines = [line('debug'), line('info'), line('warn'), line('error')]
  expect(linesFrom(lines, 'warn').map(({ level }) => level)).toEqual(['warn', 'error'])
})
