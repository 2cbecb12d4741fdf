import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logRecord } from '#contracts/protocols/telemetry.ts'
import { readable, readLogLine } from './worker-log.ts'

/** A line as a worker writes it. */
function lineOf(write: (log: pino.Logger) => void): string {
  let written = ''
  const output = {
    write(line: string) {
      written = line.trimEnd()
    },
  }
  write(pino({ level: 'debug', base: null }, output))
  return written
}

test('a line of pino becomes a record and one readable line', () => {
  const entry = readLogLine(
    lineOf((log) => log.warn({ messageId: 'producer-1:1:a:1', traceId: 'abc', err: new TypeError('no') }, 'it failed')),
    () => 1,
  )
  expect(entry).toMatchObject({ level: 'warn', message: 'it failed', messageId: 'producer-1:1:a:1', traceId: 'abc' })
  expect(entry.fields).toMatchObject({ err: { type: 'TypeError', message: 'no' } })
  expect(readable('consumer-db-1', entry)).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} consumer-db-1 warn {2}it failed \(TypeError: no\)$/,
  )
  expect(() => logRecord.parse({ kind: 'log', service: 'a', instance: 'a-1', ...entry })).not.toThrow()
})

test.each(['plain words', '{"level":30', '{"a":1}', 'x'.repeat(20_000)])('any other text goes on as it is', (line) => {
  const entry = readLogLine(line, () => 5)
  expect(entry).toMatchObject({ at: 5, level: 'info' })
  expect(line.startsWith(entry.message.slice(0, 100))).toBe(true)
  expect(() => logRecord.parse({ kind: 'log', service: 'a', instance: 'a-1', ...entry })).not.toThrow()
})
