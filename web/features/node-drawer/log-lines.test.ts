import { expect, test } from 'vitest'
import { linesFrom } from './log-lines.ts'

test('a level shows itself and what is worse', () => {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') =>
    ({ kind: 'log', at: 1, service: 'a', instance: 'a-1', level, message: '' }) as const
  const lines = [line('debug'), line('info'), line('warn'), line('error')]
  expect(linesFrom(lines, 'warn').map(({ level }) => level)).toEqual(['warn', 'error'])
})
